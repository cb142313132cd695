import { z } from "zod";
import { design } from "./common/designs.ts";
import { blankSettings } from "./model/blank-numbers/blank-settings.ts";
import { isoTime } from "./model/clock.ts";
import { type CompanyInput, companySchema } from "./model/company.ts";
import { trackFileStyle } from "./model/takes/track-file.ts";

const minutes = z.tuple([z.number().min(0), z.number().min(0)]);
const port = z.int().min(0).max(65_535).default(0);

/** Made-up companies: a shop, one with history and a sub-account, one that has no mailbox list yet. */
const practiceCompanies: CompanyInput[] = [
  {
    ban: "12345675",
    name: "晨光小舖有限公司",
    taxId: "351020001",
    quota: 20,
    mailboxList: ["books@morning-shop.test"],
    accounts: [{ id: "12345675", password: "Practice-1234" }],
    taken: [
      { period: "previous", books: 4 },
      { period: "this", books: 5 },
    ],
  },
  {
    ban: "24681353",
    name: "山海茶行股份有限公司",
    taxId: "351020002",
    quota: 60,
    mailboxList: ["books@hill-tea.test", "boss@hill-tea.test"],
    accounts: [
      { id: "24681353", password: "Practice-2468" },
      { id: "robot01", password: "Practice-robot1", name: "機器人專用子帳號" },
    ],
    taken: [{ period: "previous", books: 12, extraBooks: 3 }],
  },
  {
    ban: "13579243",
    name: "河岸書店",
    taxId: "351020003",
    quota: 9,
    accounts: [{ id: "13579243", password: "Practice-1357" }],
  },
];

/** The configuration of a practice portal; everything has a default. `README.md` explains each. */
export const portalConfigSchema = z.strictObject({
  /** Which of the two generations of pages is served at first. */
  design: design.default("current"),
  seed: z.int().min(0).default(20_261_103),
  ports: z
    .strictObject({ portal: port, control: port, member: port, platform: port, imap: port, smtp: port })
    .prefault({}),
  clock: z.strictObject({ start: isoTime.optional(), msPerMinute: z.number().positive().default(200) }).prefault({}),
  takes: z
    .strictObject({
      allocateMinutes: minutes.default([20, 28]),
      checkMinutes: minutes.default([12, 18]),
      automaticDay: z.int().min(1).max(28).default(18),
      secondTake: z.enum(["refuse", "accept"]).default("refuse"),
    })
    .prefault({}),
  pool: z.strictObject({ runBooks: z.tuple([z.int().min(1), z.int().min(1)]).default([3, 12]) }).prefault({}),
  file: trackFileStyle.prefault({}),
  blank: blankSettings.prefault({}),
  signIn: z
    .strictObject({
      maxWrongPasswords: z.int().min(1).default(5),
      sessionMs: z
        .int()
        .min(1)
        .default(20 * 60_000),
      oneSessionPerAccount: z.boolean().default(true),
      /** From the dashboard's opening until `sessionStorage["token"]` is written. */
      tokenDelayMs: z.int().min(0).default(800),
      /** From /accounts/login's opening until a valid session jumps to the dashboard. */
      jumpDelayMs: z.int().min(0).default(1500),
      /** Answer a browser that calls itself HeadlessChrome with the access challenge, as the real site does. */
      refuseHeadless: z.boolean().default(false),
    })
    .prefault({}),
  pages: z
    .strictObject({
      /** Every page fills itself this much after it was opened. */
      renderMs: z.int().min(0).default(150),
      rowsPerPage: z.int().min(1).default(10),
      toastMs: z.int().min(100).default(8000),
      /** Text of an announcement that covers the landing page after each sign-in. */
      announcement: z.string().nullable().default(null),
      /** Saving the mailbox list asks for the login password again. */
      askPasswordOnSave: z.boolean().default(false),
      /** Addresses that the mailbox list takes. */
      mailboxListMost: z.int().min(0).default(20),
    })
    .prefault({}),
  classic: z
    .strictObject({
      /** What comes up when 提交取號 is pressed, before anything is sent. */
      askAtSubmit: z.enum(["confirm", "alert", "nothing"]).default("confirm"),
    })
    .prefault({}),
  /** The member site whose carriers are bound. */
  member: z
    .strictObject({
      /** 會員載具資訊 also says to which 手機條碼 a carrier is bound. */
      showsBarcode: z.boolean().default(false),
      /** What the POST to BTC103I leads to: the pages of 2013, step by step, or the one page of today with captcha and tick box. */
      page: z.enum(["steps", "one"]).default("steps"),
      /** Where the page of today says what is wrong. */
      messages: z.enum(["page", "box"]).default("page"),
      /** Milliseconds after which the holder of a 自然人憑證 has put it in and typed its PIN at the reader; null: nobody is there. */
      cardReadMs: z.int().min(0).nullable().default(null),
      /** Who has a 手機條碼, and carriers that can be bound to one. */
      holders: z.array(z.strictObject({ phone: z.string(), barcode: z.string(), code: z.string() })).default([]),
      cards: z.array(z.strictObject({ id: z.string(), ban: z.string(), card: z.string() })).default([]),
    })
    .prefault({}),
  /** The value-added platform. */
  platform: z
    .strictObject({
      /** Portal minutes that 產生空白字軌 takes. */
      batchMinutes: z.number().min(0).default(4),
    })
    .prefault({}),
  mail: z
    .strictObject({
      /** Mails go to this server instead of into the embedded mailbox. */
      smtp: z
        .strictObject({
          host: z.string(),
          port: z.int(),
          user: z.string().optional(),
          password: z.string().optional(),
          /** Speak LMTP instead, as Dovecot's own delivery does. */
          lmtp: z.boolean().default(false),
        })
        .nullable()
        .default(null),
      user: z.string().default("mailbox@practice.test"),
      password: z.string().default("practice-mail"),
    })
    .prefault({}),
  /**
   * Keep connections open between requests. Chromium then repeats a POST by itself when the connection is cut without an answer, so
   * that one click may submit twice.
   */
  keepAlive: z.boolean().default(false),
  /** A JSON Lines file to which the ledger is written as well. */
  ledgerFile: z.string().nullable().default(null),
  companies: z.array(companySchema).prefault(practiceCompanies),
});

export type PortalConfigInput = z.input<typeof portalConfigSchema>;
export type PortalConfig = z.output<typeof portalConfigSchema>;
