import { teachingAnswer } from "../../../../flows/shared/ledger-teaching.ts";
import type { App } from "../../../app/compose.ts";
import type { Config } from "../../../config/schema.ts";
import type { AnyFlow } from "../../../engine/flow.ts";
import { openQuestions } from "../../../engine/people/questions.ts";
import { Failure } from "../../../failures/failure.ts";
import { type LedgerTeaching, NOTHING_TAUGHT } from "../../../invoicing/ledger/teaching.ts";
import { inputFile } from "../../terminal/input-file.ts";
import { joined, keptLine, layoutOf, recallIn } from "../../terminal/ledger-memory.ts";
import type { Output } from "../../terminal/output.ts";
import { optionKey } from "./flow-options.ts";
import type { GivenOptions } from "./given-input.ts";

type Said = { readonly config: Config; readonly ubn: string; readonly said: LedgerTeaching };

/**
 * Keeps what the command line says of a run's ledger for the company and the ledger's layout: the run finds it there, and tells that it
 * used it.
 * @throws Failure `wrong-use` where something is said of a ledger and none is given
 */
export async function teachLedgers(
  { fields }: AnyFlow,
  options: GivenOptions,
  { config, ubn, said }: Said,
  output: Output,
): Promise<void> {
  if (isNothing(said)) return;
  const paths = fields
    .filter((field) => field.kind === "file" && field.is.includes("ledger"))
    .flatMap((field) => options[optionKey(field)] ?? [])
    .map(String);
  if (paths.length === 0) {
    throw new Failure("wrong-use", {
      wanted: "--invoices",
      seen: output.say(
        "--columns 和 --statuses 說的是發票明細，沒有給明細",
        "--columns and --statuses are about a ledger, and none is given",
      ),
    });
  }
  for (const path of paths) {
    const file = await inputFile(path, output);
    const about = { ubn, layout: await layoutOf(file, config.files.ledger) };
    const before = (await recallIn(config, about))?.own?.teaching ?? NOTHING_TAUGHT;
    const what = { teaching: joined(before, said), applied: said };
    output.progress(await keptLine(config, { ...about, file: path }, what, output));
  }
}

/** A run under way that asks just this is answered by what the command line says. */
export async function sayToQuestions(
  { store, robot }: Pick<App, "store" | "robot">,
  runId: string,
  said: LedgerTeaching,
  by: string,
): Promise<void> {
  if (isNothing(said)) return;
  for (const question of await openQuestions(store, runId)) {
    const filled = teachingAnswer(question, said);
    if (filled !== null) await robot.answer(question.id, filled.answer, by, question.version, filled.values);
  }
}

function isNothing({ columns, statuses }: LedgerTeaching): boolean {
  return Object.keys(columns).length + Object.keys(statuses).length === 0;
}
