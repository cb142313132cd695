import { describe, expect, it } from "vitest";
import {
  beginWinnerMail,
  findWinnerMail,
  winnerMailsOf,
  settleWinnerMail,
} from "../../../robot/engine/effects/winner-mail-table.ts";
import { databases, openedStore, titleOf } from "../../support/store/store-databases.ts";

const ABOUT = { ubn: "12345675", flow: "notify-winners", period: "11508", reference: "AB00000001" };
const BEGIN = { runId: "run-1", messageId: "<1@office.test>", masked: "an***om" };

describe.each(databases().map((database) => ({ title: titleOf(database), ...database })))("on $title", (database) => {
  it.skipIf(database.missing !== null)(
    "of several processes that begin the same letter one does, and none once it was sent or may have been",
    async () => {
      const config = await database.empty();
      const stores = await Promise.all([openedStore(config), openedStore(config), openedStore(config)]);
      const [store] = stores;
      if (!store) throw new Error("no store");
      const begun = async (): Promise<number> => {
        const all = await Promise.all(stores.map((one) => beginWinnerMail(one, ABOUT, BEGIN)));
        return all.filter(Boolean).length;
      };
      expect(await begun()).toBe(1);
      expect(await begun()).toBe(0);
      await settleWinnerMail(store, ABOUT, "unknown", "");
      expect(await begun()).toBe(0);
      await settleWinnerMail(store, ABOUT, "released", "by a person");
      expect(await begun()).toBe(1);
      await settleWinnerMail(store, ABOUT, "refused", "550");
      expect(await begun()).toBe(1);
      await settleWinnerMail(store, ABOUT, "sent", "250");
      expect(await begun()).toBe(0);
      // What was sent stays so, whoever comes later with other news.
      await settleWinnerMail(store, ABOUT, "released", "late");
      expect(await findWinnerMail(store, ABOUT)).toMatchObject({ status: "sent", words: "250", masked: "an***om" });
      expect(await winnerMailsOf(store, ABOUT.ubn, ABOUT.period)).toHaveLength(1);
      expect(await winnerMailsOf(store, ABOUT.ubn, "11510")).toEqual([]);
    },
  );
});
