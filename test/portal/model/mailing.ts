import { text } from "node:stream/consumers";
import { createTransport } from "nodemailer";
import type { HurriedClock } from "./clock.ts";
import { categoryNames, type CompanyConfig, type Entry } from "./company.ts";
import type { Faults } from "./faults.ts";
import type { Happening, Ledger } from "./ledger.ts";
import { dayOfNextOddMonth, periodAt, periodLabel, shiftPeriod } from "./periods.ts";

/** Hands one finished message (RFC 5322 bytes) to a mail system. */
export type Deliver = (to: string, message: Buffer) => Promise<void>;

const FROM = { name: "財政部電子發票整合服務平台", address: "einvoice@einvoice.nat.gov.tw" };
const REMINDER_DAY = 7;

/** Writes messages instead of sending them. */
const composer = createTransport({ streamTransport: true, buffer: true, newline: "windows" });

interface Letter {
  readonly kind: "allocation" | "reminder";
  readonly ban: string;
  readonly subject: string;
  readonly lines: string[];
}

interface Parts {
  readonly companies: Map<string, CompanyConfig>;
  readonly clock: HurriedClock;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly deliver: Deliver;
  /** Did the company have numbers in that period? Only then it is reminded. */
  readonly hadNumbers: (ban: string, period: string) => boolean;
}

/** The mails the portal sends to a company's list of addresses. */
export class Mailing {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
    this.planReminder();
  }

  /** 電子發票配號結果通知, when the numbers can be downloaded. */
  allocationOpened(entry: Entry): void {
    const company = this.parts.companies.get(entry.ban);
    if (company === undefined) return;
    this.send(company, {
      kind: "allocation",
      ban: entry.ban,
      subject: "電子發票配號結果通知",
      lines: [
        `${company.name}（統一編號：${entry.ban}）您好：`,
        "",
        "貴營業人申請之電子發票字軌號碼已完成配號，資料如下：",
        `發票期別：${periodLabel(entry.period)}`,
        `發票類別：${categoryNames[entry.category]}`,
        `已配本數：${entry.allocatedBooks}`,
        "",
        "請登入電子發票整合服務平台，至「電子發票(專用)字軌號碼取號」查詢並下載。",
        "本信件由系統自動發送，請勿直接回覆。",
      ],
    });
  }

  private send(company: CompanyConfig, letter: Letter): void {
    const late = this.parts.faults.use("mail-late", { ban: company.ban });
    const now = (): void => {
      for (const address of company.mailboxList) void this.sendOne(address, letter);
    };
    if (late === null) now();
    else this.parts.clock.afterMinutes(late.minutes, now);
  }

  private async sendOne(to: string, letter: Letter): Promise<void> {
    const { clock, ledger, faults, deliver } = this.parts;
    const { kind, ban, subject } = letter;
    const note = (fate: Extract<Happening, { type: "mail" }>["fate"], error: string | null): void =>
      ledger.append({ type: "mail", kind, ban, to, subject, fate, error });
    if (faults.use("mail-lost", { ban }) !== null) {
      note("lost", null);
      return;
    }
    try {
      const { message } = await composer.sendMail({
        from: FROM,
        to,
        subject,
        date: new Date(clock.now()),
        text: letter.lines.join("\r\n"),
        // Base64 keeps the message pure ASCII: the embedded mailbox stores messages as binary strings.
        textEncoding: "base64",
      });
      await deliver(to, Buffer.isBuffer(message) ? message : Buffer.from(await text(message)));
      note("delivered", null);
    } catch (error) {
      note("failed", error instanceof Error ? error.message : String(error));
    }
  }

  private planReminder(): void {
    const { clock } = this.parts;
    const previous = shiftPeriod(periodAt(clock.now()), -1);
    const thisTime = dayOfNextOddMonth(previous, REMINDER_DAY);
    const period = thisTime > clock.now() ? previous : shiftPeriod(previous, 1);
    clock.at(dayOfNextOddMonth(period, REMINDER_DAY), () => {
      for (const company of this.parts.companies.values()) {
        if (this.parts.hadNumbers(company.ban, period)) this.remind(company, period);
      }
      this.planReminder();
    });
  }

  private remind(company: CompanyConfig, period: string): void {
    this.send(company, {
      kind: "reminder",
      ban: company.ban,
      subject: "尚有電子發票未上傳",
      lines: [
        `${company.name}（統一編號：${company.ban}）您好：`,
        "",
        `貴營業人${periodLabel(period)}尚有電子發票或空白未使用字軌號碼未上傳，`,
        "請於單月10日前至電子發票整合服務平台完成上傳作業。",
        "本信件由系統自動發送，請勿直接回覆。",
      ],
    });
  }
}
