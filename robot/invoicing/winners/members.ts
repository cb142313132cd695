import { masked } from "../values/masking.ts";
import { type Fault, fault } from "../problems/problems.ts";
import { columnName, readTable } from "../reading/table.ts";

/** A person whose address is known: a winner is found by any of the keys. */
export type Member = {
  readonly line: number;
  /** 會員識別 of a value-added platform, or a carrier's id, as they stand in lists of winners. */
  readonly keys: readonly string[];
  readonly address: string;
  readonly name: string;
};

export type Members = {
  readonly byKey: ReadonlyMap<string, Member>;
  readonly faults: readonly Fault[];
};

/** Columns by which winners are found; a list has at least one of them. */
const KEY_COLUMNS = ["會員識別", "會員編號", "載具", "載具號碼", "載具明碼", "載具隱碼", "手機條碼"].map(columnName);
const ADDRESS_COLUMNS = ["電子郵件", "電子信箱", "email", "e-mail"].map(columnName);
const NAME_COLUMNS = ["姓名", "名稱"].map(columnName);

/** What can be mailed to at all; whether a person reads it only the mail server can tell. */
const ADDRESS = /^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[^\s@<>,;:"]+$/;

/** Whether a header's columns are those of a list of members. */
export function isMemberHeader(columns: readonly string[]): boolean {
  return [KEY_COLUMNS, ADDRESS_COLUMNS].every((names) => columns.some((column) => names.includes(column)));
}

/**
 * Reads a list of members: CSV with a header, 會員識別 or 載具 (any of several columns), 電子郵件, and 姓名 where there is one. Without an
 * address a row is a member who is told on paper. Every fault is reported with its line, and with what it is about masked; the same key for
 * two addresses is one.
 */
export function readMembers(bytes: Uint8Array): Members {
  const { rows, faults: broken } = readTable(bytes);
  const [header, ...lines] = rows;
  if (!header || broken.length > 0) return { byKey: new Map(), faults: broken };
  const columns = header.cells.map(columnName);
  const placesOf = (names: readonly string[]): number[] =>
    columns.flatMap((column, at) => (names.includes(column) ? [at] : []));
  const keyPlaces = placesOf(KEY_COLUMNS);
  const [addressAt] = placesOf(ADDRESS_COLUMNS);
  const [nameAt] = placesOf(NAME_COLUMNS);
  if (keyPlaces.length === 0 || addressAt === undefined) {
    const column = keyPlaces.length === 0 ? "會員識別或載具" : "電子郵件";
    const value = header.cells.join(",");
    return { byKey: new Map(), faults: [fault("column-missing", { line: header.line, column, value }, column)] };
  }
  const faults: Fault[] = [];
  const byKey = new Map<string, Member>();
  for (const { line, cells } of lines) {
    const text = (at: number | undefined): string => (at === undefined ? "" : (cells[at] ?? "").trim());
    const keys = keyPlaces.map(text).filter((key) => key !== "");
    const address = text(addressAt);
    if (keys.length === 0 && address === "") continue;
    if (address !== "" && !ADDRESS.test(address))
      faults.push(fault("address-invalid", { line, column: "電子郵件", value: masked(address) }));
    const member = { line, keys, address, name: text(nameAt) };
    for (const key of keys) {
      const other = byKey.get(key);
      if (other !== undefined && other.address.toLowerCase() !== address.toLowerCase())
        faults.push(fault("member-twice", { line, value: masked(key) }, `和第 ${other.line} 行相同的電子郵件`));
      else byKey.set(key, member);
    }
  }
  return { byKey, faults };
}

/** Reads a list of addresses that get no mail: one a line, whatever else stands around it is no address. */
export function readOptedOut(bytes: Uint8Array): ReadonlySet<string> {
  const words = Buffer.from(bytes)
    .toString("utf8")
    .split(/[\s,;"]+/);
  return new Set(words.map((word) => word.toLowerCase()).filter((word) => ADDRESS.test(word)));
}
