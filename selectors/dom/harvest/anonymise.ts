import type { Choice, Control, Line, List, Name, PageReading } from "../reading/reading.ts";
import { keyOf } from "../reading/words.ts";
import { blurred, isKnownWord, isPlainOption, scrubbed } from "./blurred.ts";

/** Where words stand that a control is only guessed to be called by: beside a field they are its label, beside a button they may be anything. */
const GUESSED: readonly Name["from"][] = ["before", "after", "above", "group", "floating"];
const FILLED: readonly Control["kind"][] = [
  "text",
  "password",
  "select",
  "drawn-select",
  "choice",
  "checkbox",
  "radio",
  "file",
];

/**
 * A reading without anybody's data: what labels something stays, what is data keeps its shape only. Structure, kinds, places and handles are as they were,
 * so that parts are recognised on it as on the page itself.
 * @param known words of the installation that are to go wherever they stand
 */
export function anonymised(reading: PageReading, known: readonly string[]): PageReading {
  const labels = labelsOf(reading);
  const label = (text: string): string => scrubbed(text, known);
  const words = (text: string): string => (labels.has(keyOf(text)) ? label(text) : blurred(text));
  const nameOf = (control: Control, name: Name): Name => ({
    ...name,
    text: isLabel(control, name) ? label(name.text) : blurred(name.text),
  });
  const option = (choice: Choice): Choice => ({ ...choice, text: optionText(choice.text) });
  const rowsOf = ({ rows, ...list }: List): List => ({
    ...list,
    header: list.header.map(label),
    rows: rows.map((row) => ({ ...row, cells: row.cells.map((cell) => ({ ...cell, text: blurred(cell.text) })) })),
  });
  const control = (one: Control): Control => ({
    ...one,
    names: one.names.map((name) => nameOf(one, name)),
    value: optionText(one.value),
    options: one.options?.map(option) ?? null,
    box: NOWHERE,
  });
  const line = (one: Line): Line => ({
    ...one,
    text: one.role === "cell" ? blurred(one.text) : words(one.text),
    box: NOWHERE,
  });
  return {
    ...reading,
    address: pathOf(reading.address),
    title: label(reading.title),
    breadcrumb: label(reading.breadcrumb),
    headings: reading.headings.map((one) => ({ ...one, text: label(one.text) })),
    layers: reading.layers.map((one) => ({ ...one, words: blurred(one.words) })),
    messages: reading.messages.map((one) => ({ ...one, text: blurred(one.text) })),
    lines: reading.lines.map(line),
    controls: reading.controls.map(control),
    lists: reading.lists.map(rowsOf),
    steps: reading.steps.map((one) => ({ ...one, text: label(one.text) })),
    frames: reading.frames.map(pathOf),
  };
}

/** Where things stood is of no use without their size. */
const NOWHERE = [0, 0, 0, 0] as const;

function optionText(text: string): string {
  return isPlainOption(text) ? text : blurred(text);
}

/** Whether words name a control, and are nobody's data. */
function isLabel({ kind, row }: Control, { from, text }: Name): boolean {
  if (from === "hint") return false;
  // In a row each thing may be called by what the row is about.
  if (row !== null) return from === "column" || isKnownWord(text);
  if (kind === "option") return isPlainOption(text);
  const isFilled = FILLED.includes(kind);
  // What a drawn choice says itself is what is chosen.
  if (isFilled && from === "own") return isPlainOption(text);
  return isFilled || !GUESSED.includes(from) || isKnownWord(text);
}

/** All words that label something. */
function labelsOf({ controls, headings, lists, steps }: PageReading): ReadonlySet<string> {
  const named = controls.flatMap((control) =>
    control.names.filter((name) => isLabel(control, name)).map(({ text }) => text),
  );
  const others = [
    ...headings.map(({ text }) => text),
    ...lists.flatMap(({ header }) => header),
    ...steps.map(({ text }) => text),
  ];
  return new Set([...named, ...others].map(keyOf));
}

/** The path alone: what stands behind it may be a token. */
function pathOf(address: string): string {
  const path = URL.parse(address)?.pathname ?? "";
  return `https://portal.invalid${path.replaceAll(/[^/]*\d{3,}[^/]*/g, "x")}`;
}
