import diagnostics from "node:diagnostics_channel";
import { readdir, writeFile } from "node:fs/promises";
import { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserHost } from "../../../robot/browser/launch.ts";
import { machineTag } from "../../../robot/lib/process-identity.ts";
import { openStore } from "../../../robot/store/store.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { scanFolder } from "../../../robot/recording/redaction/scan.ts";
import { writeZip } from "../../../robot/lib/zip.ts";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { download, perform, take } from "../../support/kit/installation/in-process.ts";
import { install } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal, THIS } from "../../support/kit/installation/portal.ts";
import { type Ended, robot } from "../../support/kit/installation/robot-process.ts";
import type { FaultInput } from "../../portal/model/faults.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

/** Every character that some format writes in another way. */
const PASSWORD = `Kit "ä" 'q' &amp; a+b 50% <i> c:\\new 密碼🔑`;

const known = new Redactor();
known.enrol(PASSWORD, "portal password");

// The portal runs in this process, so the tokens of its sessions can be overheard as they come in.
const tokens = new Set<string>();
function overhear(message: unknown): void {
  if (message === null || typeof message !== "object" || !("request" in message)) return;
  const { request } = message;
  const token = request instanceof IncomingMessage && /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (token) tokens.add(token);
}
diagnostics.subscribe("http.server.request.start", overhear);

const portal = await openPortal();
const hasTaken = { taken: [{ period: "this" as const, books: 2 }] };
const office = await install({
  portal,
  companies: [
    { password: PASSWORD },
    { password: "Kit-another-4", stored: PASSWORD },
    ...Array.from({ length: 4 }, () => ({ password: PASSWORD, portal: hasTaken })),
  ],
});
known.enrol(portal.mailbox.imap.password, "mailbox password");
afterAll(async () => {
  diagnostics.unsubscribe("http.server.request.start", overhear);
  await office.close();
  await portal.close();
});

const [straight = "", rejected = "", ...faulty] = office.ubns;
const FAULTS: FaultInput[] = [
  { name: "captcha-rejected", times: "always" },
  { name: "forced-password-change" },
  { name: "session-expired", path: "/btb/" },
  { name: "download-broken", kind: "html" },
];

describe("a password with every awkward character, and the tokens of its sessions", () => {
  let printed: Ended;
  beforeAll(async () => {
    const words = ["run", "take-tracks", "--company", straight, "--period", NEXT, "--books", "3"];
    printed = await robot(office, words);
    // What a browser leaves behind is looked for: each closes after its last visit, as the robot's does.
    const own = { browser: browserHost(office.config.browser) };
    await perform(office, { ...take(NEXT), ubn: rejected }, own);
    for (const [index, fault] of FAULTS.entries()) {
      const ubn = faulty[index] ?? "";
      portal.order({ ...fault, ban: ubn });
      await perform(office, { ...download(THIS), ubn }, own, () => "stop");
    }
    for (const token of tokens) known.enrol(token, "session token");
  }, 300_000);

  test("sign in, where they are right", () => {
    expectExit(printed, 0);
    expect(ledgerOf(portal, "sign-in", straight).at(-1)).toMatchObject({ ok: true });
    expect(ledgerOf(portal, "sign-in", rejected).at(-1)).toMatchObject({ reason: "credentials" });
    expect(tokens.size).toBeGreaterThan(3);
  });

  test("are nowhere below the installation's folder, in no spelling and in no zip", async () => {
    const { files, leaks, unreadable } = await scanFolder(office.folder, known);
    expect({ leaks, unreadable }).toEqual({ leaks: [], unreadable: [] });
    expect(files).toBeGreaterThan(40);
    const logs = await readdir(office.config.log.folder);
    expect(logs.filter((name) => name.endsWith(".log"))).not.toEqual([]);
  });

  test("are in nothing that was printed", () => {
    expect(known.hits(printed.stdout + printed.stderr)).toEqual([]);
  });

  test("leave nothing in the folder for temporary files", async () => {
    const left = (await readdir(tmpdir())).filter((name) =>
      name.startsWith(`einvoice-robot-${machineTag}-${process.pid}-`),
    );
    expect(left).toEqual([]);
  });

  test("are found by the same search when they are put there", async () => {
    const records = office.config.recordings.folder;
    const planted = {
      "raw.txt": `x${PASSWORD}x`,
      "json.jsonl": JSON.stringify({ password: PASSWORD }),
      "uri.txt": encodeURIComponent(PASSWORD),
      "form.txt": new URLSearchParams({ password: PASSWORD }).toString(),
      "base64.txt": Buffer.from(PASSWORD).toString("base64"),
      "html.html": PASSWORD.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
      "token.txt": [...tokens][0] ?? "",
    };
    for (const [name, text] of Object.entries(planted)) await writeFile(join(records, name), text);
    await writeZip(join(records, "trace.zip"), zipped(JSON.stringify(PASSWORD)));
    const store = await openStore(await storeConfigOf(office.config));
    await store.insertInto("settings").values({ name: "planted", value: PASSWORD }).execute();
    await store.destroy();

    const { leaks } = await scanFolder(office.folder, known);
    const found = new Set(leaks.map(({ file }) => file));
    expect(found).toEqual(
      new Set([...Object.keys(planted), "trace.zip"].map((name) => `recordings/${name}`).concat("robot.sqlite")),
    );
    expect(leaks.find(({ file }) => file.endsWith("trace.zip"))).toMatchObject({ member: "trace.network" });
  });
});

async function* zipped(text: string): AsyncGenerator<{ name: string; bytes: Buffer }> {
  yield { name: "trace.network", bytes: Buffer.from(text) };
}
