import type { RunHeader } from "../../../robot/recording/writing/recorder.ts";

export function headerOf(runId: string): RunHeader {
  return {
    runId,
    flow: "take-tracks",
    flowVersion: "1",
    title: "取號",
    company: { name: "好好商店", ubn: "12345675" },
    input: { period: "11512", category: "07", books: 1 },
    startedBy: "schedule",
    startedAt: "2026-11-30T17:00:00.000Z",
    versions: { robot: "0.1.0", node: process.version },
  };
}

/** The smallest thing whose first bytes say JPEG. */
export const JPEG = Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex");
