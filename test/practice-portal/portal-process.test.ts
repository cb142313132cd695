import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { z } from "zod";

const main = fileURLToPath(new URL("../portal/main.ts", import.meta.url));
const access = z.object({ host: z.literal("127.0.0.1"), port: z.int(), user: z.string(), password: z.string() });
const address = z.string().regex(/^http:\/\/127\.0\.0\.1:\d+$/);
const announced = z.strictObject({
  portal: address,
  control: address,
  member: address,
  platform: address,
  imap: access,
  smtp: access,
});

it("says in one line where it is, obeys its control address, and goes when its parent goes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "practice-portal-"));
  try {
    const config = join(folder, "portal.json");
    const ledgerFile = join(folder, "ledger.jsonl");
    await writeFile(config, JSON.stringify({ ledgerFile, clock: { start: "2026-11-03T09:00:00+08:00" } }));
    const child = spawn(process.execPath, [main, "--config", config, "--die-with-parent"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { portal, control } = announced.parse(JSON.parse(z.string().parse((await lines.next()).value)));

    const order = (path: string, json: object): Promise<Response> =>
      fetch(`${control}${path}`, { method: "POST", body: JSON.stringify(json) });
    expect((await order("/fault", { name: "no-such-fault" })).status).toBe(400);
    expect((await order("/fault", { name: "outage" })).status).toBe(200);
    expect((await fetch(`${portal}/accounts/login`)).status).toBe(503);
    expect(await (await order("/clock", { set: "2026-12-18T00:30:00+08:00" })).json()).toMatchObject({
      msPerMinute: 200,
    });

    child.stdin.end();
    expect(await exited).toEqual([0, null]);
    expect((await lines.next()).done).toBe(true);
    const written = (await readFile(ledgerFile, "utf8")).trim().split("\n");
    expect(written.map((line) => z.object({ type: z.string() }).parse(JSON.parse(line)).type)).toContain("fault");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
