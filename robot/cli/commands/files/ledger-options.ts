import { Failure } from "../../../failures/failure.ts";
import {
  LEDGER_FIELDS,
  type LedgerColumns,
  type LedgerField,
  type LedgerTeaching,
} from "../../../invoicing/ledger/teaching.ts";
import { STATUS_MEANINGS, type StatusMeaning } from "../../../invoicing/ledger/vocabulary.ts";
import type { Output } from "../../terminal/output.ts";

/** What can be said about a ledger on the command line. */
export type LedgerWords = {
  /** `number=Invoice No`: a column of the ledger and its name there. */
  readonly columns?: readonly string[] | undefined;
  /** `已結案=issued`: a status word and what it says of the number. */
  readonly statuses?: readonly string[] | undefined;
};

/** The usual name of a field may stand for it. */
const USUAL_NAMES: Readonly<Record<string, LedgerField>> = {
  發票號碼: "number",
  字軌: "track",
  迄號: "end",
  發票日期: "date",
  狀態: "status",
  賣方統編: "seller",
};

/** What the configuration says about ledgers, with what the command line says on top of it. */
export function taughtBy(words: LedgerWords, configured: LedgerTeaching, output: Output): LedgerTeaching {
  return {
    columns: { ...configured.columns, ...columnsOf(words.columns ?? [], output) },
    statuses: { ...configured.statuses, ...statusesOf(words.statuses ?? [], output) },
  };
}

/**
 * Column names from the command line: `date=開立日`, several with commas or spaces between them; a field may also be named by its
 * usual column (`發票日期=開立日`), a column by its position (`number=#2`). Nothing behind the equals sign means that the ledger has
 * no such column.
 * @throws Failure `wrong-use`
 */
function columnsOf(words: readonly string[], output: Output): LedgerColumns {
  const columns: { -readonly [Field in LedgerField]?: string | null } = {};
  for (const pair of pairsOf(words)) {
    const [key = "", name, ...rest] = pair.split("=").map((part) => part.trim());
    const field = LEDGER_FIELDS.find((one) => one === key) ?? USUAL_NAMES[key];
    if (field === undefined || name === undefined || rest.length > 0 || (name === "" && field === "number")) {
      const wanted = "--columns number=… track=… date=… status=… seller=…";
      throw new Failure("wrong-use", { wanted, seen: output.say(`「${pair}」`, `"${pair}"`) });
    }
    columns[field] = name === "" ? null : name;
  }
  return columns;
}

/**
 * Meanings of status words from the command line: `已結案=issued`; `=issued` is an empty status.
 * @throws Failure `wrong-use`
 */
function statusesOf(words: readonly string[], output: Output): LedgerTeaching["statuses"] {
  const statuses: Record<string, StatusMeaning> = {};
  for (const pair of pairsOf(words)) {
    const at = pair.lastIndexOf("=");
    const meaning = STATUS_MEANINGS.find((one) => one === pair.slice(at + 1).trim());
    if (at < 0 || meaning === undefined) {
      const wanted = `--statuses ${output.say("狀態", "word")}=${STATUS_MEANINGS.join("|")}`;
      throw new Failure("wrong-use", { wanted, seen: output.say(`「${pair}」`, `"${pair}"`) });
    }
    statuses[pair.slice(0, at).trim()] = meaning;
  }
  return statuses;
}

/** Pairs with commas or spaces between them. A comma in the only pair of a word belongs to it: `開立,已列印=issued`. */
function pairsOf(words: readonly string[]): string[] {
  return words
    .flatMap((word) => (word.split("=").length === 2 ? [word] : word.split(",")))
    .filter((word) => word.trim() !== "");
}
