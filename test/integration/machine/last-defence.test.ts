import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";

/** What nobody caught, in a process of its own: it would end the one that runs these tests. */

const DEFENCE = JSON.stringify(new URL("../../../robot/app/last-defence.ts", import.meta.url).href);

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly printed: string;
}

async function child(script: string): Promise<Ended> {
  const source = `
    import { guardProcess } from ${DEFENCE};
    const log = { write: (level, message, about) => console.log(level + ": " + message + " " + JSON.stringify(about)) };
    const later = (work) => setTimeout(work, 1);
    const alive = setInterval(() => undefined, 1_000);
    ${script}`;
  const started = spawn(process.execPath, ["--input-type=module", "-e", source], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [started.stdout, started.stderr]) stream.on("data", (piece) => (printed += String(piece)));
  const [code, signal]: [number | null, NodeJS.Signals | null] = await once(started, "close").then(
    ([first, second]: unknown[]) => [typeof first === "number" ? first : null, second === "SIGTERM" ? "SIGTERM" : null],
  );
  return { code, signal, printed };
}

describe("an error that nobody caught", () => {
  test("is written down with where it came from, and the process goes on", async () => {
    const { code, printed } = await child(`
      guardProcess(log);
      later(() => { throw new Error("planted in a timer"); });
      later(() => void Promise.reject(new Error("planted in a promise")));
      later(() => void Promise.reject("planted without an error"));
      setTimeout(() => { console.log("still at work"); clearInterval(alive); }, 300);`);
    expect(code).toBe(0);
    expect(printed).toMatch(/error: an error that nobody caught .*uncaughtException.*planted in a timer/);
    expect(printed).toMatch(/unhandledRejection.*planted in a promise/);
    expect(printed).toContain("planted without an error");
    expect(printed).toContain("still at work");
  });

  test("of which there are too many at once ends it politely, so that it is started again", async () => {
    const { code, signal, printed } = await child(`
      guardProcess(log);
      process.once("SIGTERM", () => { console.log("told to end"); process.exit(); });
      for (let n = 0; n < 60; n++) later(() => { throw new Error("planted " + n); });`);
    expect([code, signal]).toEqual([1, null]);
    expect(printed).toContain("too many errors that nobody caught");
    expect(printed).toContain("told to end");
  });

  test("ends a process that has taken its defence away", async () => {
    const { code, printed } = await child(`
      guardProcess(log)();
      later(() => { throw new Error("planted"); });
      setTimeout(() => console.log("still at work"), 300);`);
    expect(code).toBe(1);
    expect(printed).not.toContain("still at work");
  });
});
