import { allocatedRuns, ENDED, lastOf, type Run } from "./blanks.ts";
import type { CompanySetup, Installation } from "../installation/installation.ts";
import { ledgerOf } from "../installation/portal.ts";

export const PLATFORM_PASSWORD = "Value-added-77";

let last = 0;

/** A company with an account of its own at the value-added platform, and tracks of the period that ended. */
export function withPlatform(about: Partial<Platform> = {}): CompanySetup {
  last++;
  const platform = { account: `shop${last}`, password: PLATFORM_PASSWORD, ...about };
  return { portal: { taken: [{ period: "previous", books: 2 }], platform } };
}

/** The platform knows that the last of the allocated numbers were not used. Returns them. */
export async function leaveUnused(at: Installation, count = 20): Promise<Run[]> {
  const unused = lastOf(await allocatedRuns(at), count);
  at.portal.platform.setUnused(at.ubn, ENDED, unused);
  return unused;
}

/** How often 產生空白字軌 was really pressed. */
export function jobsMade({ portal, ubn }: Installation): number {
  return ledgerOf(portal, "platform-job", ubn).length;
}

type Platform = NonNullable<NonNullable<CompanySetup["portal"]>["platform"]>;
type Winner = NonNullable<Platform["winners"]>[number];

/** A winning invoice of the period that ended. */
export function winnerOf(number: string, about: Partial<Winner> = {}): Winner {
  return { period: ENDED, number, day: "20261021", member: "mongo", ...about };
}

/** Who gets these invoices by mail, as the facts name the columns. */
export function recipientLines(numbers: readonly string[], name = "林小明"): string {
  const rows = numbers.map((number) => [number, name, "100", "臺北市", "中正區", "重慶南路一段 122 號"].join(","));
  return ["發票號碼,收件人名稱,郵遞區號,縣市,鄉鎮市區,地址", ...rows].map((row) => `${row}\r\n`).join("");
}

/** What the platform was really told to send, `invoice recipient`. */
export function lettersOf({ portal, ubn }: Installation): string[] {
  return ledgerOf(portal, "platform-mailing", ubn)
    .filter(({ refusal }) => refusal === null)
    .map(({ number, recipient }) => `${number} ${recipient}`);
}
