import { assertPersonName, setPerson } from "../../console/access/people.ts";
import { ROLE_NAMES, type Role } from "../../console/access/roles.ts";
import { makeLink } from "../../console/access/sessions.ts";
import { consoleAddress } from "../../console/server.ts";
import { loadConfig } from "../../config/load.ts";
import { readHidden } from "./credentials.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { withStore } from "../terminal/records.ts";
import { consoleLines } from "./serve.ts";

/** `console link`: lets anyone who opens it into the console of a running `serve`, once. */
export async function consoleLink(
  options: { config?: string; role: Role; name: string },
  output: Output,
): Promise<Answer> {
  const config = await loadConfig(options.config);
  const { name, role } = options;
  assertPersonName(name);
  const token = await withStore(config, (store) => makeLink(store, name, role));
  const url = consoleAddress(config.console);
  const link = `${url}enter/${token}`;
  return { data: { url, link, role, name }, lines: consoleLines({ url, link }, output), exit: 0 };
}

/** `console password`: lets a person sign in with a password, or gives them another. Their sessions end. */
export async function consolePassword(
  options: { config?: string; name: string; role: Role },
  output: Output,
): Promise<Answer> {
  const config = await loadConfig(options.config);
  const { name, role } = options;
  const password = await readHidden(output.say(`${name} 的主控台密碼`, `the console password of ${name}`));
  await withStore(config, (store) => setPerson(store, name, role, password));
  return {
    data: { name, role },
    lines: [
      output.say(
        `${name} 可以用密碼登入主控台了（${ROLE_NAMES[role]}）。`,
        `${name} can sign in to the console by password (${role}).`,
      ),
    ],
    exit: 0,
  };
}
