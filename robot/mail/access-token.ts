import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Failure } from "../failures/failure.ts";
import { type Enrolment, Secret } from "../lib/secret.ts";
import { KILL_SIGNAL, STALL_LIMITS } from "../lib/stall-limits.ts";

/**
 * Gets an OAuth2 access token from a command of the user's, which prints it. Tokens live for about an hour and are asked for again at each
 * connection; to renew them is that command's business, so that the robot holds no client secret.
 * @throws Failure `token-missing`
 */
export async function accessToken(
  [program, ...args]: readonly string[],
  redactor: Enrolment,
  timeoutMs: number = STALL_LIMITS.tokenCommand,
): Promise<Secret> {
  const wanted = `命令 ${program ?? ""} 印出權杖`;
  const limits = { timeout: timeoutMs, killSignal: KILL_SIGNAL, windowsHide: true } as const;
  const { stdout } = await promisify(execFile)(program ?? "", args, limits).catch((error: unknown) => {
    // What the command printed may hold the token, so only how it ended is reported.
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const late = error instanceof Error && "killed" in error && error.killed === true;
    const seen = late ? `${Math.round(timeoutMs / 1000)} 秒內沒有結束` : `命令沒有成功（${code}）`;
    throw new Failure("token-missing", { wanted, seen });
  });
  const token = stdout.trim();
  if (token === "" || /\s/.test(token)) throw new Failure("token-missing", { wanted, seen: "印出的不是一個權杖" });
  return Secret.read(token, redactor, "mail access token");
}
