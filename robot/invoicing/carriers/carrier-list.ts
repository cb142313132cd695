import { stringify } from "csv-stringify/sync";
import {
  type CommonCarrier,
  type MobileBarcode,
  type MobilePhone,
  parseCommonCarrier,
  parseMobileBarcode,
  parseMobilePhone,
} from "../values/carrier.ts";
import { cellReader } from "../reading/cells.ts";
import { DomainError, type Fault, fault } from "../problems/problems.ts";
import { columnName, readTable, type FileRow } from "../reading/table.ts";

/** One carrier that shall be bound. */
export type WantedCarrier = {
  /** 1-based line of the list. */
  readonly line: number;
  /** The page of the carrier at its member site, as the holder got it by mail or SMS. */
  readonly link: string;
} & (
  | { readonly to: Extract<CommonCarrier, "mobile">; readonly phone: MobilePhone; readonly barcode: MobileBarcode }
  | { readonly to: Extract<CommonCarrier, "certificate"> }
);

export type CarrierList = { readonly carriers: readonly WantedCarrier[]; readonly faults: readonly Fault[] };

/** 連結 or 會員編號; 載具類別 is 手機條碼 or 自然人憑證; 手機號碼 and 手機條碼 are for 手機條碼 only. A 驗證碼 never stands here. */
export const CARRIER_LIST_COLUMNS = {
  link: "連結",
  member: "會員編號",
  kind: "載具類別",
  phone: "手機號碼",
  barcode: "手機條碼",
} as const;

type Column = keyof typeof CARRIER_LIST_COLUMNS;

/**
 * Reads a list of carriers: CSV with a header, in any of the known encodings. A row names its carrier by 連結, or by 會員編號 where the
 * member site's pages are known. Every fault is reported with its line; a carrier that is listed twice is one.
 * @param memberPage address of a carrier's page at the member site, with `{member}` in it; null where it is not known
 */
export function readCarrierList(bytes: Uint8Array, memberPage: string | null): CarrierList {
  const { rows, faults: broken } = readTable(bytes);
  const [header, ...lines] = rows;
  if (!header || broken.length > 0) return { carriers: [], faults: broken };
  const cells = header.cells.map(columnName);
  const secret = header.cells.find((cell) => /驗證碼|密碼|password/i.test(cell));
  if (secret !== undefined) {
    return { carriers: [], faults: [fault("secret-in-file", { line: header.line, value: secret })] };
  }
  const place = (name: Column): number | undefined => {
    const at = cells.indexOf(columnName(CARRIER_LIST_COLUMNS[name]));
    return at < 0 ? undefined : at;
  };
  const missing = [
    ...(place("link") === undefined && place("member") === undefined ? [CARRIER_LIST_COLUMNS.link] : []),
    ...(place("kind") === undefined ? [CARRIER_LIST_COLUMNS.kind] : []),
  ];
  if (missing.length > 0) {
    const faults = missing.map((name) =>
      fault("column-missing", { line: header.line, column: name, value: header.cells.join(",") }, name),
    );
    return { carriers: [], faults };
  }
  const faults: Fault[] = [];
  const carriers = new Map<string, WantedCarrier>();
  for (const row of lines) {
    const carrier = readRow(row, place, memberPage, faults);
    if (!carrier) continue;
    const other = carriers.get(carrier.link);
    if (other && bindingOf(other) !== bindingOf(carrier)) {
      faults.push(
        fault(
          "carrier-twice",
          { line: row.line, value: carrier.link },
          `和第 ${other.line} 行相同的手機號碼與手機條碼`,
        ),
      );
    } else if (!other) carriers.set(carrier.link, carrier);
  }
  return { carriers: [...carriers.values()], faults };
}

function readRow(
  row: FileRow,
  place: (name: Column) => number | undefined,
  memberPage: string | null,
  faults: Fault[],
): WantedCarrier | null {
  const reader = cellReader(row, place);
  const cell = <Value>(name: Column, read: (text: string) => Value): Value | undefined =>
    reader.cell(name, "other", read);
  const link = cell("link", optionalLink) ?? cell("member", (text) => memberLink(text, memberPage));
  const kind = cell("kind", parseCommonCarrier);
  const phone = kind === "mobile" ? reader.cell("phone", 10, parseMobilePhone) : undefined;
  const barcode = kind === "mobile" ? cell("barcode", parseMobileBarcode) : undefined;
  faults.push(...reader.faults.map((one) => ({ ...one, column: nameOf(one.column) })));
  if (!link && reader.faults.length === 0) {
    faults.push(fault("carrier-link-missing", { line: row.line, column: CARRIER_LIST_COLUMNS.link, value: "" }));
  }
  if (!link || kind === undefined) return null;
  if (kind === "certificate") return { line: row.line, link, to: kind };
  if (phone === undefined || barcode === undefined) {
    if (reader.faults.length === 0) {
      const column = phone === undefined ? CARRIER_LIST_COLUMNS.phone : CARRIER_LIST_COLUMNS.barcode;
      faults.push(fault("column-missing", { line: row.line, column, value: row.cells.join(",") }, column));
    }
    return null;
  }
  return { line: row.line, link, to: kind, phone, barcode };
}

function nameOf(column: string): string {
  for (const [name, title] of Object.entries(CARRIER_LIST_COLUMNS)) if (name === column) return title;
  return column;
}

function bindingOf(carrier: WantedCarrier): string {
  return carrier.to === "mobile" ? `${carrier.phone} ${carrier.barcode}` : carrier.to;
}

/** An address of a page, without what people's mails put around it. @throws DomainError `link-invalid` */
export function parseCarrierLink(text: string): string {
  const trimmed = text.trim().replaceAll(/^<|>$/g, "");
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "")
    throw new DomainError("link-invalid", text);
  return url.href;
}

function optionalLink(text: string): string | undefined {
  return text.trim() === "" ? undefined : parseCarrierLink(text);
}

function memberLink(text: string, memberPage: string | null): string | undefined {
  const member = text.trim();
  if (member === "") return undefined;
  if (memberPage === null) throw new DomainError("link-invalid", text);
  return parseCarrierLink(memberPage.replaceAll("{member}", encodeURIComponent(member)));
}

/** What became of each carrier of a list, as CSV for a spreadsheet (UTF-8 with its mark). */
export function writeCarrierResults(
  results: readonly {
    readonly link: string;
    readonly outcome: string;
    readonly boundAt: string;
    readonly reason: string;
  }[],
): Uint8Array {
  const rows = results.map(({ link, outcome, boundAt, reason }) => [link, outcome, boundAt, reason]);
  const text = stringify([["連結", "結果", "歸戶時間", "原因"], ...rows], {
    bom: true,
    record_delimiter: "\r\n",
    // Links and reasons come from strangers, and a spreadsheet would compute what begins like a formula.
    escape_formulas: true,
  });
  return new TextEncoder().encode(text);
}
