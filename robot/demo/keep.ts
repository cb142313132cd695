import type { ExitCode, Output } from "../cli/terminal/output.ts";
import { startPractice } from "./practice.ts";

/** `practice`: keeps the practice portal and its mailbox up until it is interrupted. */
export async function keepPractice(options: { port?: number }, output: Output): Promise<ExitCode> {
  const practice = await startPractice(options);
  const { portal, control, member, platform, imap } = practice;
  const lines = [
    output.say(`演練平台 ${portal}`, `practice portal ${portal}`),
    output.say(`控制位址 ${control}`, `control address ${control}`),
    output.say(`會員網站 ${member}`, `member site ${member}`),
    output.say(`加值平台 ${platform}`, `value-added platform ${platform}`),
    output.say(
      `信箱 imap://${imap.user}@${imap.host}:${imap.port}（密碼 ${imap.password}）`,
      `mailbox imap://${imap.user}@${imap.host}:${imap.port} (password ${imap.password})`,
    ),
    output.say("按 Ctrl-C 結束。", "Ctrl-C ends it."),
  ];
  if (output.json)
    process.stdout.write(
      `${JSON.stringify({ ok: true, command: "practice", data: { portal, control, member, platform, imap }, failure: null })}\n`,
    );
  else for (const line of lines) process.stdout.write(`${line}\n`);
  const stop = (): void => void practice.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  await practice.ended;
  return 0;
}
