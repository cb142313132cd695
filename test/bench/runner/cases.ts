import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { verifyRun } from "../../../robot/recording/verification/verify.ts";
import { openRecorder } from "../../../robot/recording/writing/recorder.ts";
import { openOffice, TODAY } from "../../support/kit/console/console.ts";
import { seedConsole } from "../../support/kit/console/seed-console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";
import { headerOf, JPEG } from "../../support/recording/recording-samples.ts";
import { inProcess, program } from "./measure.ts";

/** Something that is measured beside something else, in turn. */
export interface Case {
  readonly name: string;
  readonly what: string;
  readonly beside: string;
  /** Whether it opens a browser. */
  readonly browser?: true;
  /** Gets ready, and says how one round is measured: the ratio of both. */
  open(): Promise<{ round(): Promise<number>; close(): Promise<void> }>;
}

const MAIN = "robot/start.mjs";
const NOTHING = ["-e", "0"];
const BOOKS = 1_000;
const WINNERS = 20_000;
const RECORDS = 10;

const CLOSED = (): Promise<void> => Promise.resolve();

/** A command beside a Node that does nothing: what starting costs. */
function start(name: string, args: readonly string[], codes: readonly number[] = [0]): Case {
  return {
    name: `start ${name}`,
    what: `\`${name}\` from its start to its end`,
    beside: "`node -e 0`",
    async open() {
      const folder = await mkdtemp(join(tmpdir(), "bench-start-"));
      const config = join(folder, "robot.config.json");
      const settings = { portal: { address: "http://127.0.0.1:9" }, store: { file: "robot.sqlite" } };
      await writeFile(config, JSON.stringify(settings));
      const words = [MAIN, ...args, ...(args.includes("--help") ? [] : ["--config", config])];
      return {
        round: async () => {
          const nothing = await program(NOTHING);
          return (await program(words, codes)).ms / nothing.ms;
        },
        close: () => rm(folder, { recursive: true, force: true }),
      };
    },
  };
}

/** A bench of its own that measures both sides in turn: one round, and the ratio out of what it says. */
function bench(name: string, what: string, beside: string, args: readonly string[], ratio: RegExp): Case {
  return {
    name,
    what,
    beside,
    browser: true,
    open: () =>
      Promise.resolve({
        round: async () => {
          const { said } = await program([...args, "--rounds", "1"]);
          const found = Number(ratio.exec(said)?.[1]);
          if (!(found > 0)) throw new Error(`${args.join(" ")} said no ratio: ${said}`);
          return found;
        },
        close: CLOSED,
      }),
  };
}

/** Blank numbers of a ledger in a layout, beside reading a ledger of a row an invoice as a whole. */
function blank(layout: string): Case {
  const run = async (...more: string[]): Promise<number> => {
    const { said } = await program(["test/bench/blank.ts", ...more, String(BOOKS)]);
    const found = Number(/(?:files blank|read as a whole): .*?processor ([\d.]+) s/.exec(said)?.[1]);
    if (!(found > 0)) throw new Error(`blank.ts said: ${said}`);
    return found;
  };
  return {
    name: `blank ${layout}`,
    what: `\`files blank\`, ${BOOKS * 50} numbers, layout ${layout}`,
    beside: "reading the same invoices as a table, as a whole",
    open: () =>
      Promise.resolve({
        round: async () => {
          const whole = await run("--whole");
          return (await run("--layout", layout)) / whole;
        },
        close: CLOSED,
      }),
  };
}

const verify: Case = {
  name: "verify",
  what: `verifying ${RECORDS} records of sixty events and fifteen pictures`,
  beside: "hashing their files",
  async open() {
    const root = await mkdtemp(join(tmpdir(), "bench-verify-"));
    const folders: string[] = [];
    for (let n = 0; n < RECORDS; n++) {
      const recorder = await openRecorder({ root, header: headerOf(`run-${n}`), redactor: new Redactor() });
      for (let step = 0; step < 15; step++) {
        for (let event = 0; event < 3; event++) await recorder.event("step.done", { step: `${step}`, event });
        await recorder.picture(`${step}`, Buffer.concat([JPEG, Buffer.alloc(75_000, step)]), { step });
      }
      await recorder.end({ outcome: "done" });
      folders.push(recorder.folder);
    }
    const hash = async (): Promise<void> => {
      for (const folder of folders) {
        for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
          if (entry.isFile())
            createHash("sha256")
              .update(await readFile(join(entry.parentPath, entry.name)))
              .digest();
        }
      }
    };
    const prove = async (): Promise<void> => {
      for (const folder of folders) if ((await verifyRun(folder)).verdict !== "intact") throw new Error(folder);
    };
    await prove();
    return {
      round: async () => {
        const hashed = await inProcess(hash);
        return (await inProcess(prove)) / hashed;
      },
      close: () => rm(root, { recursive: true, force: true }),
    };
  },
};

/** A page of a large office, beside a file that is sent as it is. */
function page(name: string, path: string): Case {
  return {
    name: `console ${name}`,
    what: `${path} with 1,000 runs and 50 companies`,
    beside: "the style sheet",
    async open() {
      const office = await openOffice(officeCompanies(50));
      const runs = await seedConsole(office, TODAY, 1_000);
      const visitor = await office.visitor("manage");
      const times = async (where: string): Promise<number> =>
        inProcess(async () => {
          for (let n = 0; n < 10; n++) if ((await visitor.get(where)).status !== 200) throw new Error(where);
        });
      const at = path.replace(":run", runs.broken);
      const style = /href="([^"]+\.css[^"]*)"/.exec((await visitor.get("/")).text)?.[1] ?? "";
      await times(at);
      await times(style);
      return {
        round: async () => {
          const sent = await times(style);
          return (await times(at)) / sent;
        },
        close: () => office.close(),
      };
    },
  };
}

const winners: Case = {
  name: "winners",
  what: `reading a list of ${WINNERS} winners, 474 bytes each`,
  beside: "`node -e 0`",
  open: () =>
    Promise.resolve({
      round: async () => {
        const nothing = await program(NOTHING);
        return (await program(["test/support/winning/stream-child.ts", String(WINNERS)])).ms / nothing.ms;
      },
      close: CLOSED,
    }),
};

/** All that is measured, by `npm run bench`. */
export const CASES: readonly Case[] = [
  start("--help", ["--help"]),
  start("status", ["status"]),
  start("runs", ["runs"]),
  start("files check", ["files", "check", "test/fixtures/files/track-good-tight.csv"]),
  ...["table", "portal", "media", "html"].map(blank),
  winners,
  verify,
  page("overview", "/"),
  page("runs", "/runs"),
  page("one run", "/runs/:run"),
  bench(
    "recording",
    "twelve steps with record, pictures and trace",
    "the same clicks with nothing on (wall)",
    ["test/bench/recording.ts", "--steps", "12"],
    /\| recorded \|[^|]*\| × ([\d.]+)/,
  ),
  bench(
    "take-tracks",
    "取號 by the robot, with its record (processor)",
    "a bare script with the same clicks",
    ["test/bench/take-tracks.ts"],
    /\| ratio \|[^|]*\| ([\d.]+)/,
  ),
];
