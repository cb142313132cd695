import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { TERMS } from "../../portal/binding/today.ts";
import { bind, bindings, newCard, newHolder } from "../../support/kit/jobs/carriers.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { openPortal } from "../../support/kit/installation/portal.ts";
import { captchaOracle } from "../../support/kit/installation/captcha-oracle.ts";
import { expectExplained, expectIntact } from "../../support/kit/record/record.ts";

const portal = await openPortal({ member: { page: "one" } });
afterAll(() => portal.close());
const hooks = { captcha: captchaOracle(portal.controlUrl) };
const sha256 = createHash("sha256").update(TERMS).digest("hex");

function agreements(): string[] {
  return portal.ledger().flatMap((line) => (line.type === "carrier-agreed" ? [line.terms] : []));
}

/** Everything that a record holds, its traces unpacked or not: a token that is in a name of a file would be found as well. */
async function everythingIn(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile() && !one.name.endsWith(".jpg"));
  const texts = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), "latin1")));
  return texts.join("\n");
}

describe("會員載具歸戶 on the portal's page of today", () => {
  test("binds with the captcha read and the tick that a person agreed to, and keeps no token of the address", async () => {
    const holder = newHolder(portal);
    const at = await installed({
      portal,
      codes: { [holder.phone]: holder.code },
      settings: { carriers: { agreedTerms: [sha256] } },
    });
    const { card, link } = newCard(at, { address: "BTC103I" });
    const run = await perform(at, bind(link, holder), hooks);
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(bindings(at)).toEqual([`${card} ${holder.barcode}`]);
    expect(agreements()).toEqual([TERMS]);
    await expectIntact(run);
    const kept = await everythingIn(at.config.recordings.folder);
    expect(kept).toContain("/portal/btc/btc103w/main/");
    expect(kept).not.toMatch(/btc103w\/main\/[\w-]{40}/);
  });

  test("ticks nothing that nobody has read: the text is shown, and nothing is sent", async () => {
    const before = agreements().length;
    const holder = newHolder(portal);
    const at = await installed({ portal, codes: { [holder.phone]: holder.code } });
    const run = await perform(at, bind(newCard(at, { address: "BTC103I" }).link, holder), hooks);
    await expectExplained(run, "carrier-terms-unread");
    expect(run.failure).toMatchObject({ pageSays: TERMS, wanted: expect.stringContaining(sha256) });
    expect(agreements()).toHaveLength(before);
    expect(bindings(at)).toEqual([]);
    const asked = portal.ledger().filter((line) => line.type === "carrier-code" && line.phone === holder.phone);
    expect(asked).toEqual([]);
  });
});
