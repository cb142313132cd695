import { parseArgs } from "node:util";
import { openOffice, TODAY, type Visitor } from "../support/kit/console/console.ts";
import { seedConsole } from "../support/kit/console/seed-console.ts";
import { officeCompanies } from "../support/kit/console/office.ts";

/**
 * How long the console's lists take with a large office: `node test/bench/console.ts [--runs 10000] [--companies 200]`. Whole requests
 * over loopback, one after the other, in the process that serves them.
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    companies: { type: "string", default: "200" },
    times: { type: "string", default: "30" },
  },
});

const office = await openOffice(officeCompanies(Number(values.companies)));
try {
  const runs = await seedConsole(office, TODAY, Number(values.runs));
  const visitor = await office.visitor("manage");
  const { total } = await office.assembled.store
    .selectFrom("runs")
    .select(({ fn }) => fn.countAll().as("total"))
    .executeTakeFirstOrThrow();
  console.log(`${total} runs, ${values.companies} companies, ${values.times} requests each`);
  console.log("| page | median | slowest | size |\n| --- | --- | --- | --- |");
  const ubn = office.config.companies[7]?.ubn ?? "";
  for (const [title, path] of [
    ["總覽, what is due now", "/"],
    ["總覽 of one period", "/?period=11510"],
    ["總覽, searched", "/?show=attention&q=茶"],
    ["紀錄, newest", "/runs"],
    ["紀錄, page 150", "/runs?page=150"],
    ["紀錄, part of a name", "/runs?text=書店"],
    ["紀錄, one company", `/runs?ubn=${ubn}`],
    ["紀錄, code and days", "/runs?code=portal-down&from=2026-10-01&to=2026-11-20"],
    ["待處理", "/questions"],
    ["設定 › 公司", "/settings"],
    ["設定 › 密碼", "/settings/secrets"],
    ["設定 › 動作紀錄", "/settings/audit"],
    ["one run, verified on the spot", `/runs/${runs.broken}`],
  ] as const) {
    console.log(await measured(visitor, title, encodeURI(path)));
  }
} finally {
  await office.close();
}

async function measured(visitor: Visitor, title: string, path: string): Promise<string> {
  const times: number[] = [];
  let bytes = 0;
  // The first one compiles the program; people come more than once.
  await visitor.get(path);
  for (let n = 0; n < Number(values.times); n++) {
    const begin = performance.now();
    const answer = await visitor.get(path);
    times.push(performance.now() - begin);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    bytes = answer.bytes.length;
  }
  times.sort((a, b) => a - b);
  const [median = 0, slowest = 0] = [times[Math.floor(times.length / 2)], times.at(-1)];
  return `| ${title} | ${median.toFixed(1)} ms | ${slowest.toFixed(1)} ms | ${(bytes / 1_000).toFixed(0)} kB |`;
}
