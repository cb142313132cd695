import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../support/servers/postgres.ts";
import { type Held, soak } from "./soak.ts";

/**
 * A long soak of worker and schedule; prints what the process holds on to as it goes on.
 *
 *   node --expose-gc test/soak/serve.ts --runs 500 [--postgres]
 */
const { values } = parseArgs({
  options: { runs: { type: "string", default: "500" }, postgres: { type: "boolean", default: false } },
});

const folder = mkdtempSync(path.join(tmpdir(), "soak-"));
const server = values.postgres ? await startPostgres() : null;
const began = performance.now();
try {
  const url = (await server?.newDatabase()) ?? "";
  const config = server
    ? ({ kind: "postgres", url } as const)
    : ({ kind: "sqlite", file: path.join(folder, "robot.sqlite") } as const);
  const counted = "select count(*) from pg_stat_activity where application_name = 'einvoice-robot'";
  const connections = async (): Promise<number | null> =>
    server ? Number((await server.sql(url, counted))[0]?.["count"]) : null;
  const held = await soak(config, Number(values.runs), connections);
  const columns: readonly (keyof Held)[] = ["runs", "heap", "memory", "files", "children", "resources", "connections"];
  process.stdout.write(`${columns.join("\t")}\n`);
  for (const one of held) process.stdout.write(`${columns.map((column) => one[column] ?? "–").join("\t")}\n`);
  process.stdout.write(`${Math.round((performance.now() - began) / 1_000)} s\n`);
} finally {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
}
