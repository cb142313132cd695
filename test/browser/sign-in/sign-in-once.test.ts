import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal, THIS } from "../../support/kit/installation/portal.ts";
import { envelopeOf, robot, startRobot } from "../../support/kit/installation/robot-process.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const portal = await openPortal();
afterAll(() => portal.close());

const dataSchema = z.looseObject({ outcome: z.string() });

test("a wrong password is submitted once, by whichever of two processes is first, killed and started again", async () => {
  const office = await installed({ portal, companies: [{ password: "Kit-right-3", stored: "Kit-wrong-3" }] });
  const credentials = (): number =>
    ledgerOf(portal, "sign-in", office.ubn).filter(({ reason }) => reason === "credentials").length;
  const words = (period: string): string[] => ["run", "download-tracks", "--company", office.ubn, "--period", period];
  // Two jobs of one account at the same moment, in two processes; one of them dies as soon as the portal has said no.
  const processes = [startRobot(office, words(THIS)), startRobot(office, words(NEXT))];
  await waitUntil("the portal's refusal", () => (credentials() > 0 ? true : null));
  await processes[0]?.kill();
  await Promise.all(processes.map(({ ended }) => ended));
  for (const period of [THIS, NEXT]) {
    const again = await robot(office, [...words(period), "--json"]);
    expectExit(again, 3);
    expect(dataSchema.parse(envelopeOf(again).data).outcome).toBe("needs-person");
    expect(envelopeOf(again).failure?.code).toMatch(/^(account-disabled|credentials-rejected|sign-in-unanswered)$/);
  }
  expect(credentials()).toBe(1);
});
