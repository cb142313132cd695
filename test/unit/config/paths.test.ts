import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseConfig } from "../../../robot/config/load.ts";

const FOLDER = "/office/robot";

/** Every text of a configuration that could be a relative path, by where it stands. */
function relativePaths(value: unknown, place = ""): string[] {
  if (typeof value === "string")
    return /^(?:\.\/|~\/|var\/|keys\/|recordings$)/.test(value) ? [`${place}: ${value}`] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => relativePaths(one, `${place}.${name}`));
}

test("every path of a configuration counts from its folder, those that nobody has written as well, and `~/` is the home", () => {
  const portal = { address: "http://127.0.0.1:9" };
  expect(relativePaths(parseConfig({ portal }, join(FOLDER, "robot.config.json")))).toEqual([]);
  const written = {
    portal,
    store: { file: "./runs.sqlite" },
    secrets: { provider: "vault", file: "keys/vault.age", identity: { file: "~/identity.txt" } },
    recordings: { folder: "./kept", timeStamp: { url: "https://stamp.test", ca: "./ca.pem" } },
    log: { folder: "/var/log/robot" },
    console: { uploads: "./handed", tls: { cert: "keys/c.pem", key: "keys/k.pem" } },
    winningList: { opened: "./opened", notify: { subject: "a", text: "b", optOut: "./out.txt" } },
    captcha: { engine: "./engine.ts" },
  };
  const config = parseConfig(written, join(FOLDER, "robot.config.json"));
  expect(relativePaths(config)).toEqual([]);
  expect(config.store).toEqual({ kind: "sqlite", file: join(FOLDER, "runs.sqlite") });
  expect(config.secrets).toMatchObject({ identity: { file: join(homedir(), "identity.txt") } });
  expect(config.log.folder).toBe("/var/log/robot");
  expect(config.console.tls).toEqual({ cert: join(FOLDER, "keys/c.pem"), key: join(FOLDER, "keys/k.pem") });
  expect(config.winningList.notify?.optOut).toBe(join(FOLDER, "out.txt"));
});
