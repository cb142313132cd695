import { z } from "zod";
import { TICKED } from "../../engine/people/question-form.ts";
import { companyOf } from "../../config/load.ts";
import type { CompanyConfig } from "../../config/schema.ts";
import type { AnyFlow, FlowField, KnownTeaching } from "../../engine/flow.ts";
import { ledgerTeachings } from "../../engine/people/ledger-teachings.ts";
import { layoutKey } from "../../invoicing/ledger/reading-report.ts";
import type { Json } from "../../lib/json.ts";
import { readInput } from "../../engine/workflow/robot.ts";
import { Failure } from "../../failures/failure.ts";
import type { ProblemCode } from "../../invoicing/problems/problems.ts";
import type { FileCheck } from "../../invoicing/file-recognition.ts";
import { fieldsInConsole } from "./console-fields.ts";
import { fieldOf, fileOf } from "../http/respond.ts";
import type { Form } from "../http/read-form.ts";
import { checkUpload, givenFileOf, type HandedOver, keepUpload } from "../http/uploads.ts";
import type { ConsoleContext } from "../http/console-context.ts";

/** What a person wants to start, as far as it is known. */
export interface WantedRun {
  readonly flow: AnyFlow;
  readonly company: CompanyConfig;
  /** Text fields by name. */
  readonly values: Readonly<Record<string, string>>;
  /** Files by field. */
  readonly files: Readonly<Record<string, HandedOver>>;
  /** Nothing is sent. */
  readonly rehearse: boolean;
}

/** A file that was looked at, and why it does not fit. */
export interface CheckedUpload {
  readonly field: string;
  readonly file: HandedOver;
  readonly check: FileCheck;
  readonly objections: readonly string[];
  /** What was said earlier of this company's ledgers of this layout, and applied; null where nothing was. */
  readonly teaching: KnownTeaching | null;
}

/** @throws Failure `wrong-use` for a flow that is not offered or a company that is not known */
export async function wantedOf(world: ConsoleContext, form: Form): Promise<WantedRun> {
  const name = fieldOf(form, "flow");
  const flow = world.flows.find((one) => one.name === name);
  if (!flow) throw new Failure("wrong-use", { wanted: `作業 ${name}`, seen: "主控台沒有這個作業" });
  const company = companyOf(world.config(), fieldOf(form, "company"));
  const values: Record<string, string> = {};
  const files: Record<string, HandedOver> = {};
  for (const field of fieldsInConsole(flow)) {
    if (field.kind !== "file") {
      const value = fieldOf(form, field.name).trim();
      if (value !== "") values[field.name] = value;
      continue;
    }
    const given = fileOf(form, field.name);
    if (given) files[field.name] = await keepUpload(world, given);
    else {
      const kept = keptFile.safeParse(parsed(fieldOf(form, `${field.name}-kept`)));
      if (kept.success) files[field.name] = kept.data;
    }
  }
  const rehearse = flow.final !== null && fieldOf(form, REHEARSE) === TICKED;
  return { flow, company, values, files, rehearse };
}

/** The field in which somebody asks for a rehearsal; no flow has one of this name. */
export const REHEARSE = "rehearse";

const keptFile = z.strictObject({ sha256: z.string(), name: z.string() });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The flow's own input, read by its own schema.
 * @throws Failure `wrong-use` with everything that is missing or wrong, `file-invalid`
 */
export async function inputOf(world: ConsoleContext, { flow, values, files }: WantedRun): Promise<Json> {
  const input: Record<string, Json> = {};
  const fields = fieldsInConsole(flow);
  for (const field of fields) {
    const [value, file] = [values[field.name], files[field.name]];
    if (field.kind === "file" && file) input[field.name] = { ...(await givenFileOf(world, file)) };
    else if (value !== undefined) input[field.name] = valueOf(field, value);
  }
  const missing = fields.filter(({ name, optional }) => !optional && input[name] === undefined);
  if (missing.length > 0) {
    throw new Failure("wrong-use", { wanted: missing.map(({ label }) => label.zh).join("、"), seen: "還沒有填" });
  }
  readInput(flow, input);
  return input;
}

function valueOf({ kind }: FlowField, text: string): Json {
  if (kind === "yes") return text === TICKED;
  return kind === "books" ? Number(text) : text;
}

/** The texts that may stand in an address and in the list of actions: those that say nothing of a person. */
export function tellable({ flow, values }: Pick<WantedRun, "flow" | "values">): Readonly<Record<string, string>> {
  const personal = new Set(
    flow.fields.flatMap((field) => (field.kind === "text" && field.personal ? [field.name] : [])),
  );
  return Object.fromEntries(Object.entries(values).filter(([name]) => !personal.has(name)));
}

/** Looks at every file that was given: right in itself, and of this company and period. */
export async function checkedUploads(world: ConsoleContext, wanted: WantedRun): Promise<CheckedUpload[]> {
  const checked: CheckedUpload[] = [];
  for (const [field, file] of Object.entries(wanted.files)) {
    checked.push(await checkedUpload(world, wanted, field, file));
  }
  return checked;
}

async function checkedUpload(
  world: ConsoleContext,
  { flow, company, values }: WantedRun,
  field: string,
  file: HandedOver,
): Promise<CheckedUpload> {
  const { check, teaching } = await checkedAsTaught(world, company.ubn, file);
  const wants = flow.fields.find(({ name }) => name === field);
  const objections: string[] = [];
  const isLedger = wants?.kind === "file" && wants.is.includes("ledger") && check.reading !== null;
  if (wants?.kind === "file" && !wants.is.includes(check.kind) && !isLedger) {
    objections.push(`這裡要的是${wants.label.zh.replace(/^或/, "")}，這個檔案是${check.title.zh}。`);
  }
  const branches = world.config().files.branches.find(({ head }) => head === company.ubn)?.branches ?? [];
  // What other sellers and periods a ledger has is shown and agreed to before anything computed from it is sent.
  if (isLedger) return { field, file, check, objections, teaching };
  const foreign = check.ubns.filter((ubn) => ubn !== company.ubn && !branches.includes(ubn));
  if (foreign.length > 0)
    objections.push(
      `檔案裡有別家的統一編號：${foreign.slice(0, 3).join("、")}。這次是 ${company.name}（${company.ubn}）。`,
    );
  const { period } = values;
  const others = check.periods.filter((one) => one !== period);
  if (period !== undefined && others.length > 0) {
    objections.push(`檔案裡有別期：${others.slice(0, 3).join("、")}。這次選的是 ${period}。`);
  }
  return { field, file, check, objections, teaching };
}

/** A ledger that is not understood is read with what was said of this company's ledgers before, as a run would. */
async function checkedAsTaught(
  world: ConsoleContext,
  ubn: string,
  file: HandedOver,
): Promise<Pick<CheckedUpload, "check" | "teaching">> {
  const check = await checkUpload(world, file);
  if (check.reading === null || check.reading.understood) return { check, teaching: null };
  const { own } = await ledgerTeachings(world.store, { id: "", ubn }).find(layoutKey(check.reading));
  if (own === null) return { check, teaching: null };
  const { files } = world.config();
  const ledger = {
    columns: { ...files.ledger.columns, ...own.teaching.columns },
    statuses: { ...files.ledger.statuses, ...own.teaching.statuses },
  };
  return { check: await checkUpload(world, file, { ...files, ledger }), teaching: own };
}

export function isRight({ check, objections }: CheckedUpload): boolean {
  return (check.faults.length === 0 || asksPerson(check)) && objections.length === 0;
}

/** What a person can say of a ledger once the run asks. */
const ASKED: readonly ProblemCode[] = ["status-unknown", "column-missing", "column-ambiguous"];

/** Whether all that is wrong with a file is a layout or a word that a person is asked about. */
export function asksPerson({ faults, omitted, reading }: FileCheck): boolean {
  const asks = reading !== null && reading.questions.length > 0;
  return asks && omitted === 0 && faults.every(({ code }) => ASKED.includes(code));
}
