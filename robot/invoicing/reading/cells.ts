import { type CellShape, excelDamage } from "./excel.ts";
import { DomainError, type Fault, fault } from "../problems/problems.ts";
import type { FileRow } from "./table.ts";
import { type InvoiceNumber, parseInvoiceNumber } from "../values/track.ts";

/** Reads the cells of one row, turning each refusal into a fault with line and column. */
export type CellReader<Name extends string> = {
  /**
   * The cell's value, or nothing when it was refused (a fault has been noted) or when the row has no such cell.
   * By its `shape` it is known what Excel may have done to it; a number stands for this many digits.
   */
  readonly cell: <Value>(name: Name, shape: number | CellShape, read: (text: string) => Value) => Value | undefined;
  /** An 8-digit invoice number. */
  readonly number: (name: Name) => InvoiceNumber | undefined;
  readonly faults: Fault[];
};

/** `place` gives a column's index in the row. */
export function cellReader<Name extends string>(
  row: FileRow,
  place: (name: Name) => number | undefined,
): CellReader<Name> {
  const faults: Fault[] = [];
  function cell<Value>(name: Name, shape: number | CellShape, read: (text: string) => Value): Value | undefined {
    const index = place(name);
    const text = index === undefined ? undefined : row.cells[index];
    if (text === undefined) return undefined;
    const value = attempt(read, text);
    if (!(value instanceof DomainError)) return value;
    faults.push(
      explain(
        { line: row.line, column: name, value: text },
        typeof shape === "number" ? { digits: shape } : shape,
        value,
        read,
      ),
    );
    return undefined;
  }
  return { cell, number: (name) => cell(name, 8, parseInvoiceNumber), faults };
}

function attempt<Value>(read: (text: string) => Value, text: string): Value | DomainError {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** What Excel or an editor did explains more than "wrong length" and has its own remedy. */
function explain(
  at: { line: number; column: string; value: string },
  shape: CellShape,
  refusal: DomainError,
  read: (text: string) => unknown,
): Fault {
  const damage = excelDamage(at.value, shape);
  if (damage === "excel-zeros-lost" && typeof shape === "object") {
    return fault(damage, at, at.value.padStart(shape.digits, "0"));
  }
  if (damage !== undefined) return fault(damage, at);
  const trimmed = at.value.trim();
  if (trimmed !== at.value && !(attempt(read, trimmed) instanceof DomainError))
    return fault("spaces-around", at, trimmed);
  return fault(refusal.code, at, refusal.wanted);
}
