import { DomainError } from "../../problems/problems.ts";
import { readNumbers } from "../numbers.ts";
import { askAboutList } from "../questions.ts";
import type { SourceRow } from "../sources/source.ts";
import type { Layout, RowReading } from "./layout.ts";
import { isListHeader, tableReader } from "./table.ts";

/** Words of titles by which a list may be of the very numbers that were not used. */
const NOT_USED = /空白|未使用|未開立|未用|尚未|沒有?[使用開]|空號|剩餘|可用/;
/** 以下空白 only says that nothing follows. */
const NOTHING_FOLLOWS = /以下空白/g;

/**
 * A bare list of numbers. Nothing in it says that they were used, so a title that says the opposite stops: a person says what the list
 * is, by saying that it has no column of the status.
 */
export const NUMBER_LIST: Layout = {
  id: "number-list",
  title: { zh: "已使用號碼清單", en: "list of used numbers" },
  recognise({ cells }, header) {
    if (header !== null) return isListHeader(header);
    const filled = cells.filter((cell) => cell.trim() !== "");
    const [only = ""] = filled;
    return filled.length === 1 && isNumbers(only);
  },
  reader(context) {
    const header = context.header ?? { cells: [], at: { number: 0 }, ambiguous: [], missing: [], perItem: false };
    const read = tableReader(context, header);
    if (context.columns.status === null) return read;
    let title = context.titles.find(saysNotUsed);
    return (row) => {
      const reading = read(row);
      const isTitle = reading.kind === "note" && saysNotUsed(row);
      const doubtful = isTitle ? row : title;
      title = undefined;
      return doubtful === undefined ? reading : inDoubt(reading, doubtful);
    };
  },
};

function inDoubt(reading: RowReading, title: SourceRow): RowReading {
  const { fault: found, question } = askAboutList(title);
  return {
    ...reading,
    kind: "not-understood",
    faults: [...(reading.faults ?? []), { fault: found, doubt: "numbers" }],
    questions: [...(reading.questions ?? []), ...(question === null ? [] : [question])],
  };
}

function saysNotUsed({ cells, sheet = "" }: SourceRow): boolean {
  return [...cells, sheet].some((text) => NOT_USED.test(text.replaceAll(NOTHING_FOLLOWS, "")));
}

function isNumbers(text: string): boolean {
  try {
    return readNumbers(text).begin !== "";
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
