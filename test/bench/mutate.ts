import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";
import { z } from "zod";

/**
 * Changes the guards of the protocol one place at a time and runs their tests: a change that no test notices is one that a slip could make as
 * well. StrykerJS needs the compiler's programming interface, which TypeScript 7 does not have; a parser and a few operators do.
 * Works on a copy. `node test/bench/mutate.ts [part of a file's path] [at most so many of each file] [minutes for each] [what an earlier run printed]`; figures go into `docs/reliability.md`.
 */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const unit = (folder: string, ...names: string[]): string[] =>
  names.map((name) => `test/unit/${folder}/${name}.test.ts`);

const EFFECTS = [["test/integration/effects"]];
const TAMPERED = [unit("recording", "chain"), unit("recording", "recording-tamper")];
const FORGED = [
  unit("recording", "against", "recording-tamper", "recording-retention"),
  ["test/integration/recording/heads-given.test.ts"],
  ["test/integration/recording/forgeries.test.ts"],
];
const REDACTED = [unit("recording", "opaque", "recording-leak"), unit("recording", "recording-redactor")];
const LEDGERS = [
  unit("invoicing", "ledger-numbers", "ledger/ledger-cases", "ledger/ledger-doubts"),
  unit("invoicing/ledger", "invoicing-ledger", "ledger-vanishing", "ledger-property"),
];
const BLANKS = [
  unit("invoicing/blank-numbers", "invoicing-blank", "invoicing-odd", "anomalies"),
  unit("invoicing/ledger", "ledger-cases", "invoicing-ledger"),
];
/** Each guard with the quickest tests that hold it: the second group is run for what the first did not notice. */
const TARGETS: readonly { readonly file: string; readonly tests: readonly (readonly string[])[] }[] = [
  ...["commit", "effect", "effect-table", "fields"].map((name) => ({
    file: `robot/engine/effects/${name}.ts`,
    tests: EFFECTS,
  })),
  ...["irreversible", "press-once"].map((name) => ({ file: `selectors/submit/${name}.ts`, tests: EFFECTS })),
  { file: "robot/login/attempts.ts", tests: [["test/integration/login"]] },
  { file: "robot/lib/process-identity.ts", tests: [["test/unit/lib"]] },
  ...["format/chain", "verification/verify"].map((name) => ({ file: `robot/recording/${name}.ts`, tests: TAMPERED })),
  ...["against", "deletions", "elsewhere", "given"].map((name) => ({
    file: `robot/recording/verification/${name}.ts`,
    tests: FORGED,
  })),
  ...["redactor", "patterns", "opaque"].map((name) => ({
    file: `robot/recording/redaction/${name}.ts`,
    tests: REDACTED,
  })),
  { file: "robot/invoicing/blank-numbers/blank.ts", tests: BLANKS },
  ...["read-ledger", "numbers", "vocabulary", "layouts/table", "layouts/media"].map((name) => ({
    file: `robot/invoicing/ledger/${name}.ts`,
    tests: LEDGERS,
  })),
];
/** A test that was moved would be passed over in silence, and everything would seem to survive. */
const lost = TARGETS.flatMap(({ file, tests }) => [file, ...tests.flat()]).filter(
  (path) => !existsSync(join(ROOT, path)),
);
if (lost.length > 0) throw new Error(`not there any more: ${[...new Set(lost)].join(", ")}`);

interface Mutation {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly what: string;
}

const nodeSchema = z.looseObject({ type: z.string(), start: z.number(), end: z.number() });

const OPPOSITE: { readonly [operator: string]: string } = {
  "===": "!==",
  "!==": "===",
  "<": ">=",
  ">": "<=",
  "<=": ">",
  ">=": "<",
  "&&": "||",
  "||": "&&",
  "??": "&&",
};

/** Every change of one place: a condition turned round or fixed, a statement left out, a value replaced. */
function mutationsOf(source: string): Mutation[] {
  const found: Mutation[] = [];
  const add = (node: z.infer<typeof nodeSchema>, text: string, what: string): void =>
    void found.push({ start: node.start, end: node.end, text, what });
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    const parsed = nodeSchema.safeParse(value);
    if (!parsed.success) return;
    const node = parsed.data;
    if (node.type.startsWith("TS") || node.type === "ImportDeclaration") return;
    // What is passed on from another file as it is: only its address stands here.
    if (node.type.startsWith("Export") && nodeSchema.safeParse(node["source"]).success) return;
    const own = source.slice(node.start, node.end);
    if (node.type === "BinaryExpression" || node.type === "LogicalExpression") {
      const left = nodeSchema.parse(node["left"]);
      const right = nodeSchema.parse(node["right"]);
      const operator = z.string().parse(node["operator"]);
      const opposite = OPPOSITE[operator];
      if (opposite !== undefined) {
        const text = `(${source.slice(left.start, left.end)}) ${opposite} (${source.slice(right.start, right.end)})`;
        add(node, text, `${operator} → ${opposite}`);
      }
    }
    if (node.type === "UnaryExpression" && node["operator"] === "!") add(node, own.slice(1), "! left out");
    if (node.type === "Literal" && typeof node["value"] === "boolean")
      add(node, String(!node["value"]), `${own} turned round`);
    if (node.type === "Literal" && typeof node["value"] === "string") add(node, '"#"', `${own} replaced`);
    if (node.type === "IfStatement" || node.type === "ConditionalExpression") {
      const test = nodeSchema.parse(node["test"]);
      add(test, "true", `condition always true`);
      add(test, "false", `condition never true`);
    }
    if (node.type === "ExpressionStatement") add(node, ";", `left out: ${own.slice(0, 60)}`);
    if (node.type === "ThrowStatement") add(node, ";", `not thrown: ${own.slice(0, 60)}`);
    if (node.type === "ArrayExpression" && Array.isArray(node["elements"])) {
      for (const element of node["elements"]) {
        const one = nodeSchema.safeParse(element);
        if (one.success && one.data.type === "Literal")
          add(one.data, "", `${source.slice(one.data.start, one.data.end)} taken off a list`);
      }
    }
    Object.values(node).forEach(visit);
  };
  visit(parseAst(source, { lang: "ts" }).body);
  return found.filter(({ start, end, text }) => source.slice(start, end) !== text);
}

/** In an order in which every beginning is spread evenly over the file, so that a limit leaves no part of it out. */
function spread(all: readonly Mutation[]): readonly Mutation[] {
  const golden = (Math.sqrt(5) - 1) / 2;
  const place = all.map((one, index) => ({ one, at: (index * golden) % 1 }));
  return place.toSorted((a, b) => a.at - b.at).map(({ one }) => one);
}

/** Whether tests pass on the copy as it is now, the quick ones first. */
function passes(groups: readonly (readonly string[])[]): boolean {
  return groups.every(pass);
}

function pass(tests: readonly string[]): boolean {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const env = { ...process.env, EINVOICE_DOCS: "" };
  const run = spawnSync(
    process.execPath,
    [vitest, "run", "--bail", "1", "--no-isolate", "--maxWorkers", "1", ...tests],
    {
      cwd: copy,
      timeout: 200_000,
      // What they print may be more than a pipe holds.
      stdio: "ignore",
      env,
    },
  );
  return run.status === 0;
}

const [only = "", most = "1000", minutes = "600", log] = process.argv.slice(2);
/** What an earlier run has printed: only what survived there is tried again. */
const earlier = log === undefined ? null : readFileSync(log, "utf8");
const copy = mkdtempSync(join(tmpdir(), "mutate-"));
try {
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (from) => !/^[\\/](node_modules|\.git|recordings|var)([\\/]|$)/.test(from.slice(ROOT.length - 1)),
  });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  for (const { file, tests } of TARGETS.filter((target) => target.file.includes(only))) {
    const path = join(copy, file);
    const source = readFileSync(path, "utf8");
    const nameOf = ({ start, what }: Mutation): string =>
      `${file}:${source.slice(0, start).split("\n").length} ${what}`;
    const all = mutationsOf(source).filter((one) => earlier === null || earlier.includes(`survived: ${nameOf(one)}\n`));
    const until = Date.now() + Number(minutes) * 60_000;
    let tried = 0;
    const survived: string[] = [];
    if (!passes(tests)) {
      process.stdout.write(`${file}: its tests do not pass as they are\n`);
      continue;
    }
    for (const one of spread(all).slice(0, Number(most))) {
      if (Date.now() > until) break;
      tried++;
      writeFileSync(path, source.slice(0, one.start) + one.text + source.slice(one.end));
      if (!passes(tests)) continue;
      survived.push(nameOf(one));
      process.stdout.write(`survived: ${nameOf(one)}\n`);
    }
    writeFileSync(path, source);
    process.stdout.write(`${file}: ${tried} of ${all.length} tried, ${survived.length} survived\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
