// Blank numbers as this imitation knows them. Written from the facts alone; it shares nothing with the practice portal.
import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { CATEGORY_NAMES, type Company, periodAt, periodBefore, periodOnScreen } from "./rules.ts";

/** A run of blank numbers on the list. */
export type Blank = { id: number; ubn: string; period: string; track: string; begin: string; end: string };
type Upload = { ubn: string; period: string; name: string; at: number; lines: string[] };

export type BlankLedger = {
  uploads: { ubn: string; period: string; name: string; sha256: string; refused: string | null }[];
  deletions: { ubn: string; ids: number[] }[];
};

type Answer = { status: number; body: unknown };

const uploadBody = z.object({ period: z.string(), name: z.string(), base64: z.base64() });
const deletionBody = z.object({ ids: z.array(z.int()) });
const LINE = /^\d{5},(\d{8}),(\d{5}),([A-Z]{2}),(\d{8}),(\d{8}),(07|08)$/;

/** The list, the uploads, and the import that takes them over a while later. */
export class Blanks {
  readonly listed: Blank[] = [];
  readonly ledger: BlankLedger = { uploads: [], deletions: [] };
  private readonly received: Upload[] = [];
  private readonly importedAfter: number;

  /** @param importedAfter milliseconds from an upload to its import */
  constructor(importedAfter: number) {
    this.importedAfter = importedAfter;
  }

  /** Puts runs on the list, without any upload. */
  list(ubn: string, period: string, runs: readonly Omit<Blank, "id" | "ubn" | "period">[]): void {
    for (const run of runs) this.listed.push({ id: this.listed.length + 1, ubn, period, ...run });
  }

  /** Null where the address is of something else. */
  answer(api: string, company: Company, sent: unknown, query: URLSearchParams): Answer | null {
    switch (api) {
      case "GET /btb/blanks":
        return { status: 200, body: this.rows(company, query.get("period") ?? "") };
      case "POST /btb/blanks/upload":
        return this.upload(company, uploadBody.parse(sent));
      case "GET /btb/blanks/uploads":
        return { status: 200, body: this.uploads(company) };
      case "POST /btb/blanks/remove":
        return this.remove(company, deletionBody.parse(sent).ids);
      case "GET /btb/blanks/details":
        return { status: 200, body: { name: "error.csv", text: this.details(company, query.get("name") ?? "") } };
      default:
        return null;
    }
  }

  private rows({ ubn }: Company, period: string) {
    return this.listed
      .filter((one) => one.ubn === ubn && one.period === period)
      .map((one) => ({ ...one, category: CATEGORY_NAMES["07"], months: periodOnScreen(one.period) }));
  }

  private upload({ ubn }: Company, { period, name, base64 }: z.infer<typeof uploadBody>): Answer {
    const bytes = Buffer.from(base64, "base64");
    const open = [periodBefore(periodAt(Date.now())), periodAt(Date.now())];
    const refused = open.includes(period) ? null : "您選擇之字軌期別非上傳期間";
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    this.ledger.uploads.push({ ubn, period, name, sha256, refused });
    if (refused !== null) return { status: 400, body: { title: refused } };
    const lines = bytes
      .toString("utf8")
      .split(/\r?\n/)
      .filter((line) => line !== "");
    const upload = { ubn, period, name: `${randomUUID()}.csv`, at: Date.now(), lines };
    this.received.push(upload);
    return { status: 200, body: {} };
  }

  private uploads({ ubn }: Company) {
    this.import();
    return this.received
      .filter((one) => one.ubn === ubn)
      .toReversed()
      .map((one) => ({ time: new Date(one.at).toLocaleString("sv"), name: one.name, state: this.stateOf(one) }));
  }

  private stateOf({ at, lines }: Upload): string {
    if (Date.now() - at < this.importedAfter) return "等待匯入";
    return lines.every((line) => LINE.test(line)) ? "已完成" : "處理失敗";
  }

  private readonly taken = new Set<Upload>();

  private import(): void {
    for (const upload of this.received) {
      if (this.taken.has(upload) || this.stateOf(upload) !== "已完成") continue;
      this.taken.add(upload);
      for (const line of upload.lines) {
        const [, , , track = "", begin = "", end = ""] = LINE.exec(line) ?? [];
        this.list(upload.ubn, upload.period, [{ track, begin, end }]);
      }
    }
  }

  private details({ ubn }: Company, name: string): string {
    const upload = this.received.find((one) => one.ubn === ubn && one.name === name);
    const wrong = (upload?.lines ?? []).filter((line) => !LINE.test(line));
    return wrong.map((line) => `${line},統編格式錯誤須為8碼數字\n`).join("");
  }

  private remove({ ubn }: Company, ids: readonly number[]): Answer {
    this.ledger.deletions.push({ ubn, ids: [...ids] });
    for (const id of ids) {
      const at = this.listed.findIndex((one) => one.ubn === ubn && one.id === id);
      if (at < 0) return { status: 400, body: { title: "刪除失敗，資料不存在" } };
      this.listed.splice(at, 1);
    }
    return { status: 200, body: {} };
  }
}
