import type { ExitCode, Output } from "../cli/terminal/output.ts";
import { startPractice } from "./practice.ts";

/** `practice`: keeps the practice portal and its mailbox up until it is interrupted. */
export async function keepPractice(options: { port?: number }, output: Output): Promise<ExitCode> {
  const practice = await startPractice(options);
  const { portal, control, member, platform, imap } = practice;
  const lines = [
    `演練平台 ${portal}`,
    `控制位址 ${control}`,
    `會員網站 ${member}`,
    `加值平台 ${platform}`,
    `信箱 imap://${imap.user}@${imap.host}:${imap.port}（密碼 ${imap.password}）`,
    "按 Ctrl-C 結束。",
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
