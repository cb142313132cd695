import { excelDamage } from "./excel.ts";
import { DomainError, type Fault, fault } from "./problems.ts";
import type { Row } from "./table.ts";
import { type InvoiceNumber, parseInvoiceNumber } from "./track.ts";

/** Reads the cells of one row, turning each refusal into a fault with line and column. */
export type CellReader<Name extends string> = {
  /**
   * The cell's value, or nothing when it was refused (a fault has been noted).
   * `digits` is the width of a purely numeric cell, by which Excel's damage is recognised; 0 where letters belong in it.
   */
  readonly cell: <Value>(name: Name, digits: number, read: (text: string) => Value) => Value | undefined;
  /** An 8-digit invoice number. */
  readonly number: (name: Name) => InvoiceNumber | undefined;
  readonly faults: Fault[];
};

/** `place` gives a column's index in the row. */
export function cellReader<Name extends string>(row: Row, place: (name: Name) => number | undefined): CellReader<Name> {
  const faults: Fault[] = [];
  function cell<Value>(name: Name, digits: number, read: (text: string) => Value): Value | undefined {
    const index = place(name);
    const text = index === undefined ? undefined : row.cells[index];
    if (text === undefined) return undefined;
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // What Excel did explains more than "wrong length" and has its own remedy.
      const damage = excelDamage(text, digits);
      const at = { line: row.line, column: name, value: text };
      faults.push(damage === undefined ? fault(error.code, at, error.wanted) : fault(damage, at));
      return undefined;
    }
  }
  return { cell, number: (name) => cell(name, 8, parseInvoiceNumber), faults };
}
