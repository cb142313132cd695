import { afterAll, expect, test } from "vitest";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";
import { install } from "../../support/kit/installation/installation.ts";
import { ledgerOf, openPortal } from "../../support/kit/installation/portal.ts";
import { envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";

const portal = await openPortal();
const right = await install({ portal });
const wrong = await install({ portal, companies: [{ password: "Kit-right-7", stored: "Kit-wrong-7" }] });
afterAll(async () => {
  await right.close();
  await wrong.close();
  await portal.close();
});

const trying = (ubn: string, ...more: string[]): string[] => [
  "credentials",
  "test",
  "--sign-in",
  "--company",
  ubn,
  "--json",
  ...more,
];

test("a stored password is tried at the portal by one sign-in, which changes nothing and leaves", async () => {
  const ended = await robot(right, trying(right.ubn));
  expectExit(ended, 0);
  expect(envelopeOf(ended)).toMatchObject({ command: "credentials test", data: { outcome: "done" }, failure: null });
  expect(ledgerOf(portal, "sign-in", right.ubn).filter(({ ok }) => ok)).toHaveLength(1);
  expect(ledgerOf(portal, "sign-out", right.ubn)).toHaveLength(1);
});

test("a password that is refused is tried once, and not again while no other is stored", async () => {
  const refused = (): number =>
    ledgerOf(portal, "sign-in", wrong.ubn).filter(({ reason }) => reason === "credentials").length;
  const first = await robot(wrong, trying(wrong.ubn));
  expectExit(first, 3);
  expect(envelopeOf(first).failure?.code).toBe("credentials-rejected");
  const second = await robot(wrong, trying(wrong.ubn));
  expectExit(second, 3);
  expect(envelopeOf(second).failure?.code).toMatch(/^(account-disabled|credentials-rejected)$/);
  expect(refused()).toBe(1);
});

test("only a company's password at the portal can be tried so", async () => {
  const mailbox = await robot(right, trying(right.ubn, "--mailbox"));
  expectExit(mailbox, 2);
  expect(envelopeOf(mailbox).failure?.message).toContain("--mailbox");
  expectExit(await robot(right, ["credentials", "test", "--sign-in", "--json"]), 2);
});
