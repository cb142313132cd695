import { z } from "zod";
import { cronFault } from "../lib/cron.ts";
import type { Json } from "../lib/json.ts";
import { approve } from "./parts/approve.ts";
import { carrierSettings } from "./parts/carriers.ts";
import { consoleSettings } from "./parts/console.ts";
import { duration } from "./fields/duration.ts";
import { fileFormats } from "./parts/file-formats.ts";
import { mailSettings, oauth2 } from "./parts/mail.ts";
import { platformAccount, platformSettings } from "./parts/platform.ts";
import { absolute, path } from "./fields/path.ts";
import { siteAddress } from "./fields/site-address.ts";
import { plainName } from "./fields/plain-name.ts";
import { ubn } from "./fields/ubn.ts";
import { winningListSettings } from "./parts/winning-list.ts";

/** 07 一般稅額計算, 08 特種稅額計算. */
export const category = z.enum(["07", "08"]);

const company = z.strictObject({
  /** What people call it; `--company` takes this or the UBN. */
  name: plainName(),
  ubn,
  /** 登入身分: 營業人/扣繳單位 or 專業代理人. */
  identity: z.enum(["business", "agent"]).default("business"),
  /** 帳號 at the portal; best a sub-account of its own with just the rights that are needed. Default: the UBN. */
  user: plainName().optional(),
  /**
   * The address that the portal shall notify of allocations: it is put on the portal's list. One that `mailbox` receives lets the
   * robot look as soon as the notice comes; another one is for people.
   */
  noticeAddress: z.email("通知信箱不是電子郵件地址").optional(),
  /** Who may answer the robot's questions about it: user names on this computer, or names in the console. Empty: anyone. */
  answerers: z.array(plainName()).default([]),
  /**
   * Who else shall be on the portal's list for notices. Where it is written, even as `[]`, keep-notice-list removes everybody who is
   * neither here nor in `noticeAddress`; where it is left out, it only adds.
   */
  noticeList: z.array(z.email("通知名單裡有不是電子郵件地址的")).optional(),
  /** Books to take per period where `--books` does not say. */
  books: z.int().positive().optional(),
  /**
   * Who reports the company's blank numbers instead of the robot, such as a value-added centre, and on which day of the odd month.
   * Two parties that report the same numbers overwrite or double them.
   */
  blanksReportedBy: z.strictObject({ name: plainName(), day: z.int().min(1).max(10) }).optional(),
  /** When a person has to agree before something is sent for this company; left out: as for all. */
  approve: approve.optional(),
  /** Where it has its invoices issued, if that is a value-added platform. */
  platform: platformAccount.optional(),
});

const look = z.strictObject({ first: duration, every: duration });

/** A durable wait keeps a row for each look, and a run may keep about a thousand rows. */
const MOST_LOOKS = 400;

const allocation = z
  .strictObject({
    /** Whose answer counts: the mail's or the list's, whichever is first, or one of them alone. */
    source: z.enum(["first", "mail", "list"]).default("first"),
    /** Looks into the mailbox: cheap. */
    mail: look.prefault({ first: "2m", every: "5m" }),
    /** Looks at the portal's list: each is a sign-in. The portal needs 15 minutes to 4 hours, 12–24 hours in filing months. */
    list: look.prefault({ first: "30m", every: "2h" }),
    timeout: duration.prefault("26h"),
  })
  .refine(
    ({ mail, list, timeout }) => timeout / mail.every + timeout / list.every <= MOST_LOOKS,
    `timeout 期間內看的次數太多（最多 ${MOST_LOOKS} 次），請加長 every`,
  );

/** Waiting for the import of an uploaded file. The portal imports once an hour; a result takes one to three hours. */
const importWait = z
  .strictObject({
    every: duration.prefault("1h"),
    /** How long after each full `every` of the clock to look; null where looks are just `every` apart. */
    justAfter: duration.nullable().prefault("10m"),
    timeout: duration.prefault("12h"),
  })
  .refine(({ every, timeout }) => timeout / every <= MOST_LOOKS, `timeout 期間內看的次數太多（最多 ${MOST_LOOKS} 次）`);

const portal = z.strictObject({
  address: siteAddress("平台網址"),
  /** Other hosts whose pages and scripts the portal may load, such as its login and data services. `*.` stands for any name before it. */
  hosts: z.array(z.string()).default(["*.einvoice.nat.gov.tw", "challenges.cloudflare.com"]),
  /** Path of the sign-in page at `address`; `//other.example` would be another host's. */
  signInPath: z
    .string()
    .regex(/^\/(?![/\\])/, "signInPath 是平台網址上的路徑，以一個 / 開頭")
    .default("/accounts/login"),
  /** Visits at once, over all workers and companies. */
  maxVisits: z.int().min(1).max(8).default(2),
  /** Day of the even month on which the portal allocates the next period by itself; older texts say 20. */
  allocationDay: z.int().min(1).max(28).default(18),
  allocation: allocation.prefault({}),
  importWait: importWait.prefault({}),
  /** When a submit got no answer: when to look whether it took effect, and when to ask a person. */
  reconcile: z
    .strictObject({ first: duration.prefault("2m"), every: duration.prefault("30m"), timeout: duration.prefault("4h") })
    .prefault({}),
  /**
   * Where a submit is taken from the browser and sent by Playwright, since a browser may repeat a POST by itself when its
   * connection is cut: on HTTP/1.1 (`http1`), everywhere, or nowhere. See docs/decisions/0005.
   */
  sendOnce: z.enum(["http1", "always", "never"]).default("http1"),
  /**
   * How much longer than usual the portal's pages may take before the robot gives up on them, for a slow line: all its waits for pages are
   * multiplied by this. Without it the environment's `EINVOICE_PAGE_TIMING` counts.
   */
  pageTiming: z.number().min(0.1).max(20).optional(),
  /** After a submit, reading steps that met passing trouble (outage, slowness, an unreadable captcha) are done again. */
  retry: z.strictObject({ times: z.int().min(0).max(20).default(3), after: duration.prefault("1m") }).prefault({}),
  /** What people of this installation say of parts that the robot does not find; `selectors pick` and the console write it. */
  parts: path().prefault("selectors/local.json"),
  /** How long a run is put off while its account is in use. */
  accountBusyDelay: duration.prefault("1m"),
  /** How long a question to a person stays open. */
  questionTimeout: duration.prefault("3d"),
});

const mailbox = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(993),
  secure: z.boolean().default(true),
  user: z.string().min(1),
  /** Access tokens instead of a password, for servers that take no passwords (Gmail, Microsoft 365). */
  oauth2: oauth2.optional(),
  folder: z.string().default("INBOX"),
  /** Who sends the portal's notices. */
  senders: z.array(z.string()).min(1).default(["einvoice@einvoice.nat.gov.tw"]),
  /** Who sends a value-added centre's notices, such as 盟立's 【空白發票通知】; the facts do not know their addresses. */
  centreSenders: z.array(z.string()).default([]),
  /** Any of these in the subject makes it a notice of allocation. */
  subjectWords: z.array(z.string()).min(1).default(["配號", "取號"]),
});

const secrets = z.discriminatedUnion("provider", [
  z.strictObject({ provider: z.literal("keychain") }),
  z.strictObject({
    provider: z.literal("vault"),
    file: path().prefault("var/vault.age"),
    /** Where the vault's key is: exactly one of these. */
    identity: z.strictObject({
      file: path().optional(),
      env: z.string().optional(),
      systemdCredential: z.string().optional(),
    }),
  }),
]);

const json: z.ZodType<Json> = z.json();

/** What `serve` does regularly. */
const schedule = z.strictObject({
  name: z.string().regex(/^[\w\p{L}-]{1,60}$/u, "排程名稱請用文字、數字、- 或 _"),
  /** Name of the flow, as for `run`. */
  flow: z.string().min(1),
  /** Names or UBNs, or all that there are. */
  companies: z.union([z.literal("all"), z.array(z.string()).min(1)]),
  /** Minute, hour, day, month, weekday, in Taipei whatever the machine's zone; a second may be put before them. */
  cron: z.string().superRefine((text, context) => {
    const fault = cronFault(text);
    if (fault !== null) context.addIssue({ code: "custom", message: `排程時間「${text}」不對：${fault}` });
  }),
  /** The flow's input; `period` may be `this`, `next` or `previous`, counted from the occurrence. */
  input: z.record(z.string(), json).default({}),
  /** Fills and compares, and sends nothing; for flows that send something. */
  rehearse: z.boolean().default(false),
  /** How late an occurrence that was missed is still caught up. */
  catchUp: duration.prefault("36h"),
});

/** A file for one machine; the address of a PostgreSQL database for any number of them. */
const store = z
  .strictObject({
    file: path().optional(),
    /** `postgres://user@host:port/database`, or `postgres:///database?host=/run/postgresql` for a socket. */
    url: z
      .url({ protocol: /^postgres(ql)?$/, hostname: /^.*$/, error: "資料庫網址須是 postgres:// 開頭" })
      .refine(
        (text) => (URL.parse(text)?.password ?? "") === "" && URL.parse(text)?.searchParams.has("password") !== true,
        "密碼不可寫在設定檔：請拿掉網址裡的密碼，在 passwordSecret 給它一個名稱，再執行 credentials set --store 存入",
      )
      .optional(),
    /** The name under which the database's password is stored; left out where the server asks for none. */
    passwordSecret: z.string().min(1).optional(),
  })
  .refine(({ file, url }) => file === undefined || url === undefined, "file 和 url 只能寫一個")
  .refine(
    ({ url, passwordSecret }) => url !== undefined || passwordSecret === undefined,
    "passwordSecret 要和 url 一起寫",
  )
  .transform(
    ({ file, url, passwordSecret }): StorePlace =>
      url === undefined
        ? { kind: "sqlite", file: file ?? absolute("var/robot.sqlite") }
        : { kind: "postgres", url, passwordSecret: passwordSecret ?? null },
  );

type StorePlace =
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "postgres"; readonly url: string; readonly passwordSecret: string | null };

/** What the processes say of their work, one JSON line each. The proof of a run is its record; this is for anyone who looks for trouble. */
const log = z.strictObject({
  folder: path().prefault("var/logs"),
  /** The least that is written. `silent`: no log. */
  level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  /** Bytes at which a new file is begun; each day begins one too. */
  maxBytes: z.int().min(10_000).default(10_000_000),
  /** Files that are kept; older ones are deleted. */
  keep: z.int().min(1).max(1_000).default(30),
});

/** Where runs are recorded, and how much of it is kept. */
const recordings = z.strictObject({
  folder: path().prefault("recordings"),
  /** A service (RFC 3161) that attests when each day's chain heads existed; only a hash is sent to it. Left out: none. */
  timeStamp: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: "時戳服務的網址須是 http:// 或 https:// 開頭" }),
      /** File with the certificates (PEM) of those who vouch for the service. Without it, who signed is not judged. */
      ca: path().nullable().prefault(null),
      timeout: duration.prefault("30s"),
    })
    .nullable()
    .default(null),
  /**
   * What is deleted of ended runs: pictures, traces and files that name people (winners, members), never events and other files, and never of a
   * run with a hold on it. A tombstone with their hashes stays, so `verify` is as before. Left out: kept for ever. `recordings prune` and `serve` see to it.
   */
  retention: z
    .strictObject({
      /** Time since the end of the run, for example `400d`. */
      picturesAfter: duration.nullable().default(null),
      tracesAfter: duration.nullable().default(null),
      personalAfter: duration.nullable().default(null),
      /** Bytes of all recordings together; of the oldest runs goes as much as is needed. */
      maxBytes: z.int().positive().nullable().default(null),
    })
    .prefault({}),
});

/** What an installation does. All of it is checked before anything is opened. */
export const configSchema = z
  .strictObject({
    companies: z.array(company).default([]),
    portal,
    mailbox: mailbox.optional(),
    /** Mails to people: a person is needed, a run failed, a deadline is near, the day's chain heads. Left out: none. */
    mail: mailSettings.optional(),
    secrets: secrets.prefault({ provider: "keychain" }),
    /** The run database; relative to the configuration file, as all paths are. */
    store: store.prefault({}),
    schedules: z.array(schedule).default([]),
    blankNumbers: z
      .strictObject({
        /** Whether correct-blank-numbers may delete and upload without a person's yes. */
        correctWithoutAsking: z.boolean().default(false),
      })
      .prefault({}),
    /** When a person has to agree before something is sent; left out: `odd` on a portal of this machine, `first` elsewhere. */
    approve: approve.optional(),
    /** Layouts of files, names of columns, branches. */
    files: fileFormats.prefault({}),
    winningList: winningListSettings.prefault({}),
    /** The value-added platforms of the companies. */
    platform: platformSettings.prefault({}),
    /** 會員載具歸戶. */
    carriers: carrierSettings.prefault({}),
    recordings: recordings.prefault({}),
    log: log.prefault({}),
    console: consoleSettings.prefault({}),
    browser: z
      .strictObject({
        /** Path of a browser; default: Chrome, Edge or Chromium of this machine. */
        executable: z.string().optional(),
        /** The real portal refuses headless browsers; a server gets a virtual display instead. */
        headless: z.boolean().default(false),
        /** Milliseconds between the browser's actions, for a person who watches. */
        slow: z.int().min(0).max(10_000).default(0),
        /**
         * `none`: allowed hosts are reached directly, and everything else leads nowhere, whichever way a page tries; not for machines that reach the portal
         * through a proxy. `system`: as the machine is set up. `auto`: the first where it is certain that the machine uses no proxy.
         */
        proxy: z.enum(["auto", "system", "none"]).default("auto"),
      })
      .prefault({}),
    captcha: z
      .strictObject({
        /** Submits of a read captcha per sign-in; only a proven captcha rejection is tried again. */
        maxSubmits: z.int().min(1).max(5).default(3),
        /** Pictures looked at per sign-in; another picture costs nothing. */
        maxPictures: z.int().min(1).max(30).default(10),
        /** A reader of your own instead of the built-in one: path of its module, see docs/captcha-engine.md. */
        engine: path().nullable().prefault(null),
        /** How long a person who is asked has for one picture; the sign-in page stays open meanwhile. */
        answerWithin: duration.prefault("3m"),
      })
      .prefault({}),
  })
  .superRefine((config, context) => {
    for (const [index, { name, ubn: own }] of config.companies.entries()) {
      const twin = config.companies.findIndex((other) => other.ubn === own || other.name === name);
      if (twin < index)
        context.addIssue({ code: "custom", path: ["companies", index], message: `「${name}」（${own}）重複了` });
    }
    for (const [index, { name, companies }] of config.schedules.entries()) {
      const path = ["schedules", index];
      if (config.schedules.findIndex((other) => other.name === name) < index)
        context.addIssue({ code: "custom", path, message: `排程「${name}」重複了` });
      for (const wanted of companies === "all" ? [] : companies) {
        if (config.companies.some((company) => company.name === wanted || company.ubn === wanted)) continue;
        context.addIssue({ code: "custom", path, message: `排程「${name}」的公司「${wanted}」不在設定檔裡` });
      }
    }
  });

/** What is written in `robot.config.ts`. */
export type ConfigInput = z.input<typeof configSchema>;
/** The configuration with all defaults, times in milliseconds, paths absolute. */
export type Config = z.output<typeof configSchema>;
export type CompanyConfig = Config["companies"][number];

/** Gives the editor the types of the configuration; changes nothing. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
