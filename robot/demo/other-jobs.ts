import type { Words } from "../invoicing/problems/problems.ts";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatPeriod } from "../invoicing/values/period.ts";
import { CARD, COMPANIES, LAST_PERIOD, HOLDER, WINNER, WON } from "./setting.ts";
import { countIn, endOf, robot, type Scene, type Seen, type Stage } from "./stage.ts";

const [SHOP] = COMPANIES;
const OF_SHOP = ["--company", SHOP.ubn];

/** What is done now and then: the notice list, carriers, invoices that the portal lacks, winners, the value-added platform. */
export const OTHER_JOBS: readonly Scene[] = [
  job({ zh: "通知名單和設定一樣", en: "the notice list as configured" }, ["keep-notice-list"]),
  {
    title: { zh: `${SHOP.name}：把會員載具歸戶到手機條碼`, en: `${SHOP.name}: bind a member carrier` },
    async play(stage) {
      const { practice } = stage;
      const link = `${practice.member}/card/${CARD}`;
      const words = ["--link", link, "--phone", HOLDER.phone, "--barcode", HOLDER.barcode];
      const code = await robot(["run", "bind-carrier", ...OF_SHOP, ...words], stage).done;
      const bound = await countIn(practice, "carrier-bound", SHOP.ubn);
      return {
        ok: code === 0 && bound === 1,
        seen: { zh: `平台帳上歸戶 ${bound} 次`, en: `the portal's books have ${bound} bindings` },
      };
    },
  },
  job({ zh: "平台說少了哪些發票", en: "which invoices the portal lacks" }, [
    "check-missing-uploads",
    "--period",
    LAST_PERIOD,
  ]),
  job({ zh: `取得 ${formatPeriod(WON, "zh")} 的中獎清冊`, en: `the winners of ${WON}` }, [
    "fetch-winning-list",
    "--period",
    WON,
  ]),
  {
    title: { zh: `${SHOP.name}：寄信通知中獎人`, en: `${SHOP.name}: mail to the winners` },
    async play(stage) {
      const { folder } = stage;
      const members = join(folder, "會員名單.csv");
      const { carrier, address, name } = WINNER;
      await writeFile(members, `載具,電子郵件,姓名\r\n${carrier},${address},${name}\r\n`);
      const words = ["--period", WON, "--members", members];
      return ended(await robot(["run", "notify-winners", ...OF_SHOP, ...words], stage).done);
    },
  },
  job({ zh: "加值平台的空白字軌", en: "the blank numbers of the value-added platform" }, [
    "platform-blank-numbers",
    "--period",
    LAST_PERIOD,
  ]),
  job({ zh: "加值平台的中獎清冊與列印檔", en: "the winners of the value-added platform, printed" }, [
    "platform-winning-list",
    "--period",
    LAST_PERIOD,
    "--print",
  ]),
];

/** A flow that ends with 0 when all is well. */
function job({ zh, en }: Words, words: readonly string[]): Scene {
  return {
    title: { zh: `${SHOP.name}：${zh}`, en: `${SHOP.name}: ${en}` },
    play: async (stage: Stage) => ended(await robot(["run", ...words, ...OF_SHOP], stage).done),
  };
}

function ended(code: number | null): Seen {
  return { ok: code === 0, seen: endOf(code, { zh: "完成", en: "done" }) };
}
