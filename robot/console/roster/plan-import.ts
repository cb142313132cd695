import type { RosterFault, RosterRow } from "./read-roster.ts";
import { ROSTER_COLUMNS, type RosterCells, ubnOf, withCells, type WrittenCompany } from "./columns.ts";

/** A setting of a company that is not what the roster says. */
export interface CellChange {
  readonly column: string;
  /** Empty where nothing was set. */
  readonly before: string;
  /** Empty where it is cleared. */
  readonly after: string;
}

export interface CompanyChange {
  readonly line: number;
  readonly name: string;
  readonly ubn: string;
  readonly added: boolean;
  readonly cells: readonly CellChange[];
}

/** What a roster comes to, held against the settings. */
export interface ImportPlan {
  readonly changes: readonly CompanyChange[];
  readonly added: number;
  readonly updated: number;
  /** Cells that are set now and would be no longer. */
  readonly cleared: number;
  readonly unchanged: number;
  /** Companies that are set and not in the roster: they stay. */
  readonly notListed: number;
  /** All companies as they would be written. */
  readonly companies: readonly WrittenCompany[];
  readonly faults: readonly RosterFault[];
}

/**
 * @param written the companies as they are set
 * @param rows the roster's, each judged by itself
 */
export function planImport(written: readonly WrittenCompany[], rows: readonly RosterRow[]): ImportPlan {
  const known = new Map(written.map((company) => [company.ubn, company]));
  const merged = rows.map(({ line, cells }) => {
    const before = known.get(ubnOf(cells.ubn ?? "")) ?? null;
    return { line, before, after: withCells(before, cells) };
  });
  const changes = merged.flatMap(({ line, before, after }): CompanyChange[] => {
    const [old, next] = [before === null ? {} : cellsOf(before), cellsOf(after)];
    const cells = ROSTER_COLUMNS.filter(({ key }) => (old[key] ?? "") !== (next[key] ?? "")).map(({ key, title }) => ({
      column: title,
      before: old[key] ?? "",
      after: next[key] ?? "",
    }));
    if (before !== null && cells.length === 0) return [];
    return [{ line, name: after.name, ubn: after.ubn, added: before === null, cells }];
  });
  const listed = new Map(merged.map(({ after }) => [after.ubn, after]));
  const added = changes.filter((change) => change.added).length;
  return {
    changes,
    added,
    updated: changes.length - added,
    cleared: changes.flatMap((change) => change.cells).filter((cell) => cell.after === "").length,
    unchanged: rows.length - changes.length,
    notListed: written.filter(({ ubn }) => !listed.has(ubn)).length,
    companies: [...new Map([...known, ...listed]).values()],
    faults: twins(written, rows),
  };
}

/** Two rows of one company, and two companies of one name: which is meant is for a person to say. */
function twins(written: readonly WrittenCompany[], rows: readonly RosterRow[]): RosterFault[] {
  const listed = new Set(rows.map(({ cells }) => ubnOf(cells.ubn ?? "")));
  const others = written.filter(({ ubn }) => !listed.has(ubn));
  return rows.flatMap(({ line, cells }, at): RosterFault[] => {
    const [ubn, name] = [ubnOf(cells.ubn ?? ""), cells.name ?? ""];
    const earlier = rows.slice(0, at);
    const same = earlier.find((row) => ubnOf(row.cells.ubn ?? "") === ubn);
    if (ubn !== "" && same) {
      return [{ line, column: "統一編號", seen: `${ubn} 和第 ${same.line} 列重複`, remedy: "一家公司只留一列" }];
    }
    const called = earlier.find((row) => row.cells.name === name);
    if (name !== "" && called) {
      return [
        {
          line,
          column: "公司名稱",
          seen: `「${name}」和第 ${called.line} 列同名`,
          remedy: "名稱後面加上分店或地區，讓人分得出來",
        },
      ];
    }
    const set = others.find((company) => company.name === name);
    if (set === undefined) return [];
    const seen = `「${name}」已經是 ${set.ubn} 的名稱`;
    return [{ line, column: "公司名稱", seen, remedy: "名稱後面加上分店或地區，或改成那家公司的統一編號" }];
  });
}

function cellsOf(company: WrittenCompany): RosterCells {
  const text = (value: unknown): string =>
    typeof value === "string" || typeof value === "number" ? String(value) : "";
  const by: unknown = company["blanksReportedBy"];
  const part = (key: string): unknown => (typeof by === "object" && by !== null ? Reflect.get(by, key) : "");
  return {
    name: company.name,
    ubn: company.ubn,
    user: text(company["user"]),
    identity: company["identity"] === "agent" ? "專業代理人" : "",
    books: text(company["books"]),
    noticeAddress: text(company["noticeAddress"]),
    reportedBy: text(part("name")),
    reportedOn: text(part("day")),
  };
}
