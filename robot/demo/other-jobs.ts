import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatPeriod } from "../invoicing/values/period.ts";
import { CARD, COMPANIES, LAST_PERIOD, HOLDER, WINNER, WON } from "./setting.ts";
import { countIn, robot, type Scene, type Stage } from "./stage.ts";

const [SHOP] = COMPANIES;
const OF_SHOP = ["--company", SHOP.ubn];

/** What is done now and then: the notice list, carriers, invoices that the portal lacks, winners, the value-added platform. */
export const OTHER_JOBS: readonly Scene[] = [
  job("通知名單和設定一樣", "the notice list as configured", ["keep-notice-list"]),
  {
    title: { zh: `${SHOP.name}：把會員載具歸戶到手機條碼`, en: `${SHOP.name}: bind a member carrier` },
    async play({ config, practice }) {
      const link = `${practice.member}/card/${CARD}`;
      const words = ["--link", link, "--phone", HOLDER.phone, "--barcode", HOLDER.barcode];
      const code = await robot(["run", "bind-carrier", ...OF_SHOP, ...words], config).done;
      const bound = await countIn(practice, "carrier-bound", SHOP.ubn);
      return { ok: code === 0 && bound === 1, seen: `平台帳上歸戶 ${bound} 次` };
    },
  },
  job("平台說少了哪些發票", "which invoices the portal lacks", ["check-missing-uploads", "--period", LAST_PERIOD]),
  job(`取得 ${formatPeriod(WON, "zh")} 的中獎清冊`, `the winners of ${WON}`, ["fetch-winning-list", "--period", WON]),
  {
    title: { zh: `${SHOP.name}：寄信通知中獎人`, en: `${SHOP.name}: mail to the winners` },
    async play({ folder, config }) {
      const members = join(folder, "會員名單.csv");
      const { carrier, address, name } = WINNER;
      await writeFile(members, `載具,電子郵件,姓名\r\n${carrier},${address},${name}\r\n`);
      const words = ["--period", WON, "--members", members];
      return ended(await robot(["run", "notify-winners", ...OF_SHOP, ...words], config).done);
    },
  },
  job("加值平台的空白字軌", "the blank numbers of the value-added platform", [
    "platform-blank-numbers",
    "--period",
    LAST_PERIOD,
  ]),
  job("加值平台的中獎清冊與列印檔", "the winners of the value-added platform, printed", [
    "platform-winning-list",
    "--period",
    LAST_PERIOD,
    "--print",
  ]),
];

/** A flow that ends with 0 when all is well. */
function job(zh: string, en: string, words: readonly string[]): Scene {
  return {
    title: { zh: `${SHOP.name}：${zh}`, en: `${SHOP.name}: ${en}` },
    play: async ({ config }: Stage) => ended(await robot(["run", ...words, ...OF_SHOP], config).done),
  };
}

function ended(code: number | null): { ok: boolean; seen: string } {
  return { ok: code === 0, seen: code === 0 ? "完成" : `結束代碼 ${code}` };
}
