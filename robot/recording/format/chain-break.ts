import { type EventLine, follows, type Head, NO_EVENTS, type ParsedLine } from "./chain.ts";
import type { RecordProblem } from "./verdict.ts";

/**
 * Finds the first place where a chain does not hold, and says what was done to it there. Null when it holds.
 * @param file the file's name, for the words
 * @param known.from what the first line follows, where that is not the beginning of a run
 * @param known.endHash the hash of the last event where that is known from elsewhere; it tells which of two last lines is the true one
 */
export function findBreak(
  lines: readonly ParsedLine[],
  file: string,
  known: { readonly from?: Head; readonly endHash?: string | undefined } = {},
): RecordProblem | null {
  let head: Head = known.from ?? NO_EVENTS;
  for (const [index, line] of lines.entries()) {
    if (!line.ok || !follows(line.event, head)) return explain(lines, index, head, file, known.endHash);
    head = line.event;
  }
  return null;
}

function explain(
  lines: readonly ParsedLine[],
  index: number,
  head: Head,
  file: string,
  endHash?: string,
): RecordProblem {
  const expected = head.seq + 1;
  const line = index + 1;
  const found = eventAt(lines, index);
  const rest = lines.slice(index + 1);
  const comesLater = rest.some((later) => later.ok && follows(later.event, head));
  if (found === null) {
    return comesLater
      ? { kind: "inserted", file, line, event: null }
      : { kind: "changed", file, line, event: expected };
  }
  if (comesLater) {
    const isOnlyCopy = lines.filter((other) => other.ok && other.event.seq === found.seq).length === 1;
    return { kind: isOnlyCopy ? "reordered" : "inserted", file, line, event: found.seq };
  }
  if (found.seq > expected) return { kind: "removed", file, line, fromEvent: expected, toEvent: found.seq - 1 };
  // Two lines say that they are the same event, or this one does not know the one before it. The rest of the chain tells which of
  // them belongs: it goes on from the true one.
  const next = eventAt(lines, index + 1);
  const isTrue = next === null ? found.hash === endHash : follows(next, found);
  if (found.seq < expected) return { kind: "inserted", file, line: isTrue ? line - 1 : line, event: found.seq };
  if (isTrue && index > 0) return { kind: "changed", file, line: line - 1, event: expected - 1 };
  return { kind: "changed", file, line, event: expected };
}

function eventAt(lines: readonly ParsedLine[], index: number): EventLine | null {
  const line = lines[index];
  return line?.ok ? line.event : null;
}
