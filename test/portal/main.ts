import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { portalConfigSchema } from "./config.ts";
import { startConfigured } from "./portal.ts";

const { values } = parseArgs({
  options: { port: { type: "string" }, config: { type: "string" }, "die-with-parent": { type: "boolean" } },
});

const given: unknown = values.config === undefined ? {} : JSON.parse(await readFile(values.config, "utf8"));
const config = portalConfigSchema.parse(given);
if (values.port !== undefined) config.ports.portal = Number(values.port);

const portal = await startConfigured(config);
const { imap, smtp } = portal.mailbox;
const { url, controlUrl: control, memberUrl: member, platformUrl: platform } = portal;
console.log(JSON.stringify({ portal: url, control, member, platform, imap, smtp }));

let closing = false;
const stop = (): void => {
  if (closing) return;
  closing = true;
  void portal.close().then(() => process.exit(0));
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
if (values["die-with-parent"] === true) {
  process.stdin.on("end", stop);
  process.stdin.on("error", stop);
  process.stdin.resume();
}
