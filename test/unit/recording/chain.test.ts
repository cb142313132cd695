import { expect, test } from "vitest";
import { lineOf, nextEvent, notBefore, parseLine } from "../../../robot/recording/format/chain.ts";

const FIRST = { seq: 0, hash: "0".repeat(64) };
const at = (text: string): Date => new Date(text);

test("an event that follows another is never dated before it, whatever the clock says", () => {
  const last = { time: "2026-11-20T04:00:00.000Z" };
  const [earlier, later] = [at("2026-11-20T03:59:59.999Z"), at("2026-11-20T04:00:00.001Z")];
  expect(notBefore(earlier, last).toISOString()).toBe(last.time);
  expect(notBefore(later, last)).toEqual(later);
  expect(notBefore(earlier, undefined)).toEqual(earlier);
});

test("a line is read as an event only where it is byte for byte what was written", () => {
  const event = nextEvent(FIRST, at("2026-11-20T04:00:00.000Z"), "step.started", { step: "取號" });
  const line = lineOf(event).trimEnd();
  expect(parseLine(line)).toEqual({ ok: true, event });
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const others = [
    "",
    "null",
    "{}",
    "no json",
    ` ${line}`,
    line.replace("取號", "取号"),
    line.replace('"seq":1', '"seq":2'),
  ];
  for (const other of [...others, line.replace('{"step":"取號"}', deep)])
    expect(parseLine(other)).toEqual({ ok: false });
});
