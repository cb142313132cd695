import { formatPeriod, nextPeriod } from "../invoicing/values/period.ts";
import { type DemoTracks, tracksSchema, writeDamaged, writeInvoices } from "./blank-files.ts";
import { COMPANIES, LAST_PERIOD, PERIOD } from "./setting.ts";
import { countIn, endOf, robot, runsOf, type Scene, type Stage, untilWaiting } from "./stage.ts";

const [SHOP, TEA, BOOKS] = COMPANIES;
const NEXT = nextPeriod(PERIOD);
const BLANKS = ["--company", TEA.ubn, "--period", LAST_PERIOD];

/** The jobs that come with every period: taking tracks, downloading them, reporting the blank numbers; and what goes wrong in them. */
export const MAIN_JOBS: readonly Scene[] = [
  {
    title: {
      zh: `${SHOP.name}：取 ${formatPeriod(NEXT, "zh")} 的號碼`,
      en: `${SHOP.name}: take the tracks of ${NEXT}`,
    },
    async play(stage) {
      const code = await robot(["run", "take-tracks", "--company", SHOP.ubn, "--period", NEXT], stage).done;
      return { ok: code === 0, seen: endOf(code, { zh: "已取號並下載", en: "taken and downloaded" }) };
    },
  },
  {
    title: {
      zh: `${TEA.name}：等配號時把程式強制結束，再重新啟動`,
      en: `${TEA.name}: killed while it waits, then started again`,
    },
    async play(stage) {
      const { config, practice, output } = stage;
      const words = ["run", "take-tracks", "--company", TEA.ubn, "--period", NEXT];
      const killed = robot(words, stage);
      await untilWaiting(config, TEA.ubn, killed.child);
      killed.child.kill("SIGKILL");
      await killed.done;
      output.progress(output.say("（程式已被強制結束；重新啟動）", "(killed; starting again)"));
      output.settle();
      const code = await robot(words, stage).done;
      const submits = await countIn(practice, "take-submitted", TEA.ubn);
      return {
        ok: code === 0 && submits === 1,
        seen: { zh: `平台帳上收到 ${submits} 次提交取號`, en: `the portal's books have ${submits} submitted` },
      };
    },
  },
  {
    title: { zh: `${BOOKS.name}：密碼打錯`, en: `${BOOKS.name}: a wrong password` },
    async play(stage) {
      const code = await robot(["run", "take-tracks", "--company", BOOKS.ubn, "--period", NEXT], stage).done;
      return {
        ok: code === 3,
        seen: {
          zh: "只試一次就停下來，等人處理（這是預期的結果）",
          en: "tried once, then stopped for a person (as it should)",
        },
      };
    },
  },
  {
    title: {
      zh: `${SHOP.name}：下載本期已配好的字軌`,
      en: `${SHOP.name}: download what is allocated already`,
    },
    async play(stage) {
      const words = ["run", "download-tracks", "--company", SHOP.ubn, "--period", PERIOD, "--to", NEXT];
      const code = await robot(words, stage).done;
      return { ok: code === 0, seen: endOf(code, { zh: "已下載", en: "downloaded" }) };
    },
  },
  {
    title: {
      zh: `${TEA.name}：${formatPeriod(LAST_PERIOD, "zh")} 的空白號碼，由發票明細算出、上傳、核對`,
      en: `${TEA.name}: the blank numbers of ${LAST_PERIOD}, computed, uploaded, proved`,
    },
    async play(stage) {
      await robot(["run", "download-tracks", ...BLANKS], stage).done;
      const invoices = await writeInvoices(stage.folder, TEA.ubn, await tracksOf(stage));
      const words = ["run", "upload-blank-numbers", ...BLANKS, "--invoices", invoices];
      const code = await robot(words, stage).done;
      return {
        ok: code === 0,
        seen: endOf(code, {
          zh: "已上傳，平台列出的和算出的逐號相同",
          en: "uploaded; the portal lists what was computed, number by number",
        }),
      };
    },
  },
  {
    title: { zh: `${TEA.name}：被 Excel 弄壞的空白號碼檔`, en: `${TEA.name}: a file that Excel has damaged` },
    async play(stage) {
      const damaged = await writeDamaged(stage.folder, TEA.ubn, await tracksOf(stage));
      const words = ["run", "upload-blank-numbers", ...BLANKS, "--file", damaged];
      const code = await robot(words, stage).done;
      const uploads = await countIn(stage.practice, "blank-upload", TEA.ubn);
      return {
        ok: code === 1 && uploads === 1,
        seen: {
          zh: `指出是哪一行、怎麼改，沒有送出；平台帳上共收到 ${uploads} 次匯入（這是預期的結果）`,
          en: `named the line and what to do, and sent nothing; the portal's books have ${uploads} uploads (as it should)`,
        },
      };
    },
  },
];

/** The tracks of the ended period, as the last run that downloaded them says. */
async function tracksOf({ config }: Stage): Promise<DemoTracks> {
  const downloaded = (await runsOf(config)).find(({ ubn, flow }) => ubn === TEA.ubn && flow === "download-tracks");
  return tracksSchema.parse(downloaded?.result).tracks;
}
