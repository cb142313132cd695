import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as requestHttp, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { loadConfig } from "../../../../robot/config/load.ts";
import type { Config, ConfigInput } from "../../../../robot/config/schema.ts";
import type { Role } from "../../../../robot/console/access/roles.ts";
import { makeLink } from "../../../../robot/console/access/sessions.ts";
import { CONNECTION_LIMITS, type ConnectionLimits } from "../../../../robot/console/http/connections.ts";
import { type Console, openConsole } from "../../../../robot/console/server.ts";
import { Redactor } from "../../../../robot/recording/redaction/redactor.ts";
import { createVault } from "../../../../robot/secrets/vault.ts";
import { settingsStore } from "../../../../robot/console/http/settings-store.ts";
import { schedulesOf } from "../../../../robot/cli/commands/serve.ts";
import { FLOWS } from "../../../../flows/index.ts";
import { createApp, type App } from "../../../../robot/app/compose.ts";
import type { OfficeCompany } from "./office.ts";

/** The console of an office in a folder of its own, on a free port. Nothing works on its runs. */
export interface ConsoleOffice {
  readonly console: Console;
  readonly assembled: App;
  readonly config: Config;
  readonly configFile: string;
  readonly folder: string;
  /** Somebody who is signed in with this role. */
  visitor(role: Role): Promise<Visitor>;
  close(): Promise<void>;
}

/** The day on which the office is looked at. */
export const TODAY = new Date("2026-11-21T10:20:00+08:00");

export async function openOffice(
  companies: readonly OfficeCompany[],
  settings: Partial<ConfigInput> = {},
  limits: ConnectionLimits = CONNECTION_LIMITS,
): Promise<ConsoleOffice> {
  const folder = await mkdtemp(join(tmpdir(), "einvoice-console-"));
  const configFile = join(folder, "robot.config.json");
  const input: ConfigInput = {
    portal: { address: "http://127.0.0.1:9" },
    companies: companies.map((company) => ({ ...company })),
    store: { file: "robot.sqlite" },
    console: { port: 0 },
    log: { level: "silent" },
    secrets: { provider: "vault", file: "vault.age", identity: { file: `${folder}.key` } },
    ...settings,
  };
  await writeFile(configFile, JSON.stringify(input));
  await createVault(join(folder, "vault.age"), `${folder}.key`, new Redactor());
  const config = await loadConfig(configFile);
  const assembled = await createApp(config);
  const console = await consoleOf(assembled, config, configFile, limits);
  return {
    console,
    assembled,
    config,
    configFile,
    folder,
    visitor: async (role) => {
      const visitor = new Visitor(console.url);
      const link = await makeLink(assembled.store, `測試${role}`, role);
      const entered = await visitor.post(`/enter/${link}`, {});
      if (entered.status !== 303) throw new Error(`Not let in: ${entered.status} ${entered.text}`);
      return visitor;
    },
    async close() {
      await console.close();
      await assembled.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      await rm(`${folder}.key`, { force: true });
    },
  };
}

/** The console over a robot that was put together already. Settings that are saved count at once. */
export function consoleOf(
  assembled: App,
  initial: Config,
  configFile: string,
  limits: ConnectionLimits = CONNECTION_LIMITS,
): Promise<Console> {
  let config = initial;
  const { store, robot, log } = assembled;
  return openConsole(
    {
      store,
      robot,
      log,
      flows: FLOWS,
      config: () => config,
      settings: settingsStore(
        configFile,
        (next) => void schedulesOf(next, FLOWS),
        (next) => {
          config = next;
          assembled.adopt(next);
          return Promise.resolve();
        },
      ),
      isLiveConfirmed: () => assembled.isLiveConfirmed(),
      confirmLive: () => assembled.confirmLive(),
      now: () => TODAY,
    },
    limits,
  );
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** A browser's manners over plain HTTP, and an attacker's: every header can be what a test wants. */
export class Visitor {
  readonly #url: string;
  /** The cookie, as it would be sent back. */
  cookie = "";

  constructor(url: string) {
    this.#url = url;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    return this.send("GET", path, headers);
  }

  /** A form as the page itself sends it; `csrf` is looked up in a page unless it is given. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const csrf = fields["csrf"] ?? (this.cookie === "" ? "" : await this.csrf());
    const body = new URLSearchParams({ csrf, ...fields }).toString();
    const type = { "content-type": "application/x-www-form-urlencoded", origin: new URL(this.#url).origin };
    return this.send("POST", path, { ...type, ...headers }, body);
  }

  /** The value that forms of this session carry. */
  async csrf(): Promise<string> {
    const { text } = await this.get("/");
    return /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? "";
  }

  async send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body: string | Uint8Array = "",
  ): Promise<Answered> {
    const { hostname, port } = new URL(this.#url);
    return new Promise((resolve, reject) => {
      const cookie: Record<string, string> = this.cookie === "" ? {} : { cookie: this.cookie };
      // `path` goes out as it is: a client that tidied it up would hide what an attacker sends.
      const sent = requestHttp({ hostname, port, method, path, headers: { ...cookie, ...headers } }, (answer) => {
        const [set] = answer.headers["set-cookie"] ?? [];
        if (set !== undefined) this.cookie = set.split(";")[0] ?? "";
        buffer(answer).then(
          (bytes) =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, text: bytes.toString("utf8") }),
          reject,
        );
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }
}
