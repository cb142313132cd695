import { afterAll, describe, expect, test } from "vitest";
import { bind, bindings, newCard, newHolder } from "../../support/kit/jobs/carriers.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { install } from "../../support/kit/installation/installation.ts";
import { ledgerOf, openPortal } from "../../support/kit/installation/portal.ts";
import { expectExplained, expectIntact, recorded, stepsDone } from "../../support/kit/record/record.ts";
import { resultOf } from "../../support/kit/record/result.ts";

const portal = await openPortal();
const holder = newHolder(portal);
const mistaken = newHolder(portal);
const at = await install({ portal, codes: { [holder.phone]: holder.code, [mistaken.phone]: "Holder-wrong-code" } });
afterAll(async () => {
  await at.close();
  await portal.close();
});

describe("會員載具歸戶", () => {
  test("goes from the link of the mail to 歸戶時間 as proof, without signing in, and is then done already", async () => {
    const { card, link } = newCard(at);
    const run = await perform(at, bind(link, holder));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(bindings(at)).toEqual([`${card} ${holder.barcode}`]);
    expect(resultOf(run)?.carriers).toMatchObject([
      {
        card,
        barcode: holder.barcode,
        status: "confirmed",
        stateText: "已歸戶",
        boundAt: expect.stringMatching(/^2026-11-0[4-6] /),
      },
    ]);
    expect(stepsDone(run)).toEqual(["歸戶", "歸戶：讀回歸戶狀態", "歸戶：和平台的清單核對 1"]);
    expect(recorded(run, "effect.confirmed")).toMatchObject([{ data: { evidence: { words: "會員載具歸戶成功" } } }]);
    expect(ledgerOf(portal, "sign-in", at.ubn)).toEqual([]);
    await expectIntact(run);

    const again = await perform(at, bind(link, holder));
    expect(again).toMatchObject({ outcome: "already-done" });
    expect(bindings(at)).toHaveLength(1);
  });

  test("tries a refused 驗證碼 once, and not again for another carrier of the same holder", async () => {
    const run = await perform(at, bind(newCard(at).link, mistaken));
    expect(run).toMatchObject({ outcome: "needs-person" });
    await expectExplained(run, "carrier-code-rejected");
    expect(run.failure?.pageSays).toBe("手機或驗證碼錯誤");
    const other = await perform(at, bind(newCard(at).link, mistaken));
    expect(other).toMatchObject({ failure: { code: "carrier-code-rejected" } });
    const tried = portal.ledger().filter((line) => line.type === "carrier-code" && line.phone === mistaken.phone);
    expect(tried).toHaveLength(1);
  });

  test("stops at the confirming page where the portal has another barcode for the phone", async () => {
    const run = await perform(at, bind(newCard(at).link, { phone: holder.phone, barcode: "/ZZZZZZ9" }));
    expect(run).toMatchObject({ failure: { code: "form-mismatch" } });
    expect(run.failure?.seen).toContain(holder.barcode);
    expect(bindings(at)).toHaveLength(1);
  });
});
