import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Failure } from "../failures/failure.ts";
import { type Enrolment, Secret } from "../lib/secret.ts";

/** Milliseconds: whoever renews a token asks its issuer over the network. */
const TIMEOUT_MS = 60_000;

/**
 * Gets an OAuth2 access token from a command of the user's, which prints it. Tokens live for about an hour and are asked for anew at each
 * connection; to renew them is that command's business, so that the robot holds no client secret.
 * @throws Failure `token-missing`
 */
export async function accessToken([program, ...args]: readonly string[], redactor: Enrolment): Promise<Secret> {
  const wanted = `命令 ${program ?? ""} 印出權杖`;
  const { stdout } = await promisify(execFile)(program ?? "", args, { timeout: TIMEOUT_MS, windowsHide: true }).catch(
    (error: unknown) => {
      // What the command printed may hold the token, so only how it ended is told.
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      throw new Failure("token-missing", { wanted, seen: `命令沒有成功（${code}）` });
    },
  );
  const token = stdout.trim();
  if (token === "" || /\s/.test(token)) throw new Failure("token-missing", { wanted, seen: "印出的不是一個權杖" });
  return Secret.read(token, redactor, "mail access token");
}
