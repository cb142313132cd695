import { z } from "zod";
import {
  type MobileBarcode,
  type MobilePhone,
  parseMobileBarcode,
  parseMobilePhone,
} from "../robot/invoicing/values/carrier.ts";
import {
  parseCarrierLink,
  readCarrierList,
  type WantedCarrier,
  writeCarrierResults,
} from "../robot/invoicing/carriers/carrier-list.ts";
import type { CarrierInfo, CarrierSite } from "../selectors/pages.ts";
import {
  defineFlow,
  differences,
  type SiteTarget,
  type EffectSpec,
  Failure,
  fileField,
  type FlowPorts,
  type FlowResult,
  type GivenFile,
  type Judgement,
  parsedField,
  refusedAs,
  yesField,
} from "../robot/engine/flow.ts";

const carrierFact = z.object({
  link: z.string(),
  /** 卡號 at the member site. */
  card: z.string(),
  /** The 手機條碼 to which it is bound; null for 自然人憑證. */
  barcode: z.string().nullable(),
  status: z.enum(["confirmed", "already-done"]),
  /** 歸戶時間 and 歸戶狀態 as the member site prints them. */
  boundAt: z.string().nullable(),
  stateText: z.string(),
});
type CarrierFact = Readonly<z.infer<typeof carrierFact>>;

/** Member carriers that are bound, as far as a run is about them. */
const boundCarriers = z.object({ carriers: z.array(carrierFact.readonly()).readonly().default([]) });
type BoundCarriers = z.input<typeof boundCarriers>;

/**
 * 會員載具歸戶: binds member carriers to their holders' 手機條碼 or 自然人憑證, one carrier by its link, or all of a list.
 *
 * By hand: open the link of the mail, 立即歸戶, 同意/確認, 手機條碼, phone and 驗證碼, compare, 確定; then look that it says 已歸戶.
 */
export const bindCarrier = defineFlow({
  name: "bind-carrier",
  title: { zh: "會員載具歸戶", en: "bind carriers" },
  about: {
    zh: "把會員載具歸戶到持有人的手機條碼，一張或整份清單。",
    en: "binds member carriers to their holders' barcodes",
  },
  version: 3,
  input: z
    .strictObject({
      file: fileField({
        label: { zh: "歸戶清單", en: "list of carriers" },
        is: ["carrier-list"],
        hint: {
          zh: "CSV：連結（或會員編號）、載具類別、手機號碼、手機條碼。只歸戶一張就不用給，填下面三欄",
          en: "CSV; for a single carrier give link, phone and barcode instead",
        },
      }).optional(),
      link: parsedField(
        {
          label: { zh: "載具的連結", en: "the carrier's link" },
          hint: { zh: "開通知信或簡訊裡的連結", en: "as the mail or message has it" },
          personal: true,
        },
        parseCarrierLink,
      ).optional(),
      phone: parsedField(
        {
          label: { zh: "手機號碼", en: "phone number" },
          hint: { zh: "持有人的", en: "of the holder" },
          personal: true,
        },
        parseMobilePhone,
      ).optional(),
      barcode: parsedField(
        {
          label: { zh: "手機條碼", en: "mobile barcode" },
          hint: {
            zh: "/ 開頭，共 8 個字。驗證碼不填在這裡，請「管理」權限的人存在 設定 › 密碼",
            en: "8 characters, the first is /",
          },
          personal: true,
        },
        parseMobileBarcode,
      ).optional(),
      certificate: yesField({
        label: { zh: "歸戶到自然人憑證", en: "to a certificate" },
        hint: { zh: "由在場的持有人插卡", en: "its holder is there with the card" },
        onlyAtTerminal: true,
      }),
    })
    .refine(isOneOrMany, "請給歸戶清單，或填齊連結、手機號碼和手機條碼（--link、--phone、--barcode）；只填其中一種"),
  does: [
    "開載具頁面，看歸戶狀態；已經歸戶到這個條碼就不再做",
    "立即歸戶，填手機號碼與驗證碼；驗證碼被拒一次就不再試",
    "比對「請確認資料是否正確」，按確定一次",
    "讀回歸戶狀態與時間；清單裡有人沒成功，其他人照做，結果寫成一個檔案",
  ],
  final: {
    zh: "歸戶之後，機器人沒有辦法取消。只歸戶持有人自己交給您的載具。自然人憑證要持有人在場，只能在終端機做。",
    en: "The robot can't undo a binding. Bind only carriers that their holders gave you. A certificate needs its holder at the terminal.",
  },
  acts: ["bind-carrier"],
  facts: boundCarriers,
  async run(ports): Promise<FlowResult<BoundCarriers>> {
    const { input, step, files } = ports;
    if (input.file === undefined) {
      const result = await bound(ports, singleOf(input), "歸戶");
      if ("failure" in result) throw result.failure;
      return { outcome: outcomeOf([result]), carriers: [result], notes: [inWords(result)] };
    }
    const given = input.file;
    const list = await step("bring-list", "帶入清單", () => files.bring(given));
    const wanted = await readList(ports, await files.read(list));
    const results: (CarrierFact | Refused)[] = [];
    for (const carrier of wanted) results.push(await bound(ports, carrier, `歸戶 ${labelOf(carrier)}`));
    const done = results.filter((one): one is CarrierFact => !("failure" in one));
    const refused = results.filter((one): one is Refused => "failure" in one);
    const file = await step("write-results", "寫下結果", () =>
      files.save("歸戶結果.csv", writeCarrierResults(results.map(asRow)), {
        origin: `${list.name} 逐一歸戶的結果`,
        direction: "out",
      }),
    );
    if (refused.length === 0) {
      return { outcome: outcomeOf(done), carriers: done, files: [list, file], notes: done.map(inWords) };
    }
    const reasons = refused
      .slice(0, MAX_LISTED)
      .map(({ carrier, failure }) => `第 ${carrier.line} 行：${failure.message}`);
    const more = refused.length > MAX_LISTED ? `；另有 ${refused.length - MAX_LISTED} 個` : "";
    throw new Failure("carriers-unfinished", {
      wanted: `${list.name} 的 ${wanted.length} 個載具`,
      seen: `${done.length} 個已歸戶，${refused.length} 個沒有（全部見 ${file.path}）：${reasons.join("；")}${more}`,
    });
  },
});

interface Order {
  readonly file?: GivenFile | undefined;
  readonly link?: string | undefined;
  readonly phone?: MobilePhone | undefined;
  readonly barcode?: MobileBarcode | undefined;
  readonly certificate: boolean;
}

/** A list, or all that one carrier takes. */
function isOneOrMany({ file, link, phone, barcode, certificate }: Order): boolean {
  const none = link === undefined && phone === undefined && barcode === undefined && !certificate;
  if (file !== undefined) return none;
  if (certificate) return link !== undefined && phone === undefined && barcode === undefined;
  return link !== undefined && phone !== undefined && barcode !== undefined;
}

/** The one carrier of an order that `isOneOrMany` has let through. */
function singleOf({ link, phone, barcode, certificate }: Order): WantedCarrier {
  if (link !== undefined && certificate) return { line: 1, link, to: "certificate" };
  if (link !== undefined && phone !== undefined && barcode !== undefined)
    return { line: 1, link, to: "mobile", phone, barcode };
  throw new Failure("wrong-use", { wanted: "載具的連結、手機號碼和手機條碼", seen: "沒有給齊" });
}

/** Reasons in one message; the file has them all. */
const MAX_LISTED = 10;

interface Refused {
  readonly carrier: WantedCarrier;
  readonly failure: Failure;
}

/** What is about one carrier: with any of these the others of a list are gone on with. */
const OWN_REASONS: readonly string[] = [
  "carrier-link-dead",
  "carrier-bound-elsewhere",
  "carrier-not-verified",
  "carrier-code-rejected",
  "carrier-refused",
  "carrier-needs-card",
  "secret-missing",
  "form-mismatch",
  "done-differently",
  "person-needed",
];

async function readList({ formats }: FlowPorts<unknown>, bytes: Uint8Array): Promise<readonly WantedCarrier[]> {
  const { carriers, faults } = readCarrierList(bytes, formats.carrierPage ?? null);
  if (faults.length > 0) {
    const seen = faults
      .slice(0, MAX_LISTED)
      .map(({ line, column, message, remedy }) => `第 ${line} 行 ${column}：${message}${remedy}`);
    throw new Failure("file-invalid", { wanted: "歸戶清單", seen: seen.join("；") });
  }
  if (carriers.length === 0) throw new Failure("file-invalid", { wanted: "歸戶清單", seen: "清單裡沒有載具" });
  return carriers;
}

/** One carrier, to its end: bound, or the reason why not. */
async function bound(ports: FlowPorts<unknown>, carrier: WantedCarrier, name: string): Promise<CarrierFact | Refused> {
  try {
    return carrier.to === "mobile" ? await toBarcode(ports, carrier, name) : await toCertificate(ports, carrier, name);
  } catch (error) {
    if (!(error instanceof Failure) || !OWN_REASONS.includes(error.code)) throw error;
    return { carrier, failure: error };
  }
}

type ToBarcode = Extract<WantedCarrier, { to: "mobile" }>;

async function toBarcode(
  { effectAt, hold, step, visitAt, record, timing }: FlowPorts<unknown>,
  carrier: ToBarcode,
  name: string,
): Promise<CarrierFact> {
  const door: SiteTarget<"carrier"> = {
    kind: "carrier",
    to: { link: carrier.link, phone: carrier.phone, needsPerson: false },
  };
  const binds = binding(carrier);
  const act = await effectAt(door, name, binds);
  const readBack = async (): Promise<CarrierInfo> => {
    const info = await step(
      `read-back-${carrier.link}`,
      `${name}：讀回歸戶狀態`,
      () =>
        visitAt(door, async (site) => {
          const read = await site.info(true);
          await record(`${read.card} 的歸戶狀態：${read.stateText}`, { data: read, picture: true });
          return read;
        }),
      timing.retry,
    );
    await hold(name, binds, { before: act.before, after: info });
    return info;
  };
  const isKnown = act.status === "already-done" && act.before.state === "bound";
  const { card, boundAt, stateText } = isKnown ? act.before : await readBack();
  return { link: carrier.link, card, barcode: carrier.barcode, status: act.status, boundAt, stateText };
}

/** 歸戶 of one carrier to one barcode. */
function binding({ link, phone, barcode }: ToBarcode): EffectSpec<CarrierInfo, CarrierSite> {
  return {
    id: "bind-carrier",
    keyParts: [link, "mobile", barcode],
    wanted: { 手機號碼: phone },
    observe: (site) => site.info(),
    decide: (before, proved) => judge(before, proved, barcode),
    open: (site) => site.bindToBarcode(phone),
    confirmed: ({ card }) => ({ 手機條碼: barcode, 載具編號: card }),
    proof: ({ card }, after) => {
      if (after.state !== "bound") return "absent";
      return (
        differences({ 卡號: card, 手機條碼: barcode }, { 卡號: after.card, 手機條碼: after.barcode ?? undefined }) ??
        "as-asked"
      );
    },
    // The member site hears it from the portal a moment later.
    listed: "later",
    refusals: refusedAs("carrier-refused", {
      bound: "carrier-bound-elsewhere",
      credentials: "carrier-code-rejected",
    }),
  };
}

/** A member site need not say to which barcode a carrier is bound; then only our own proof tells that it is the right one. */
function judge({ card, state, stateText, boundAt, barcode }: CarrierInfo, proved: boolean, wanted: string): Judgement {
  switch (state) {
    case "unbound":
      return { go: true };
    case "bound": {
      if (barcode === wanted || (barcode === null && proved))
        return { already: `${card} 已歸戶（${boundAt ?? stateText}）` };
      const seen = barcode ?? `${stateText}，頁面沒有說是哪一個手機條碼`;
      return { refuse: "carrier-bound-elsewhere", detail: { wanted, seen } };
    }
    case "other":
      return { refuse: "carrier-refused", detail: { wanted: "未歸戶", seen: stateText } };
  }
}

/** The person binds with the card; the robot prepares the pages and reads back what became of it. Nothing is pressed for the person. */
async function toCertificate(
  { step, visitAt, record, rehearsal }: FlowPorts<unknown>,
  { link }: WantedCarrier,
  name: string,
): Promise<CarrierFact> {
  if (rehearsal) throw new Failure("wrong-use", { wanted: "演練", seen: "自然人憑證由持有人自己按，沒有可以演練的" });
  const look: SiteTarget<"carrier"> = { kind: "carrier", to: { link, phone: null, needsPerson: false } };
  const before = await step(`look-${link}`, `${name}：看歸戶狀態`, () => visitAt(look, (site) => site.info()));
  if (before.state === "bound") {
    throw new Failure("carrier-bound-elsewhere", {
      wanted: "自然人憑證",
      seen: `${before.stateText} ${before.barcode ?? ""}`,
    });
  }
  const door: SiteTarget<"carrier"> = { kind: "carrier", to: { link, phone: null, needsPerson: true } };
  const info = await step(`holder-${link}`, `${name}：請持有人插入憑證`, () =>
    visitAt(door, async (site) => {
      const now = await site.info();
      if (now.state === "bound") return now;
      const answer = await site.bindWithCard();
      await record(`憑證歸戶：${answer.words}`, { picture: true });
      const after = await site.info(answer.kind === "accepted");
      if (after.state !== "bound") throw new Failure("carrier-needs-card", { wanted: link, seen: answer.words });
      return after;
    }),
  );
  const { card, boundAt, stateText } = info;
  return { link, card, barcode: null, status: "confirmed", boundAt, stateText };
}

/** Which carrier of a list: the link without its host. */
function labelOf({ link }: WantedCarrier): string {
  const { host } = new URL(link);
  return link.slice(link.indexOf(host) + host.length);
}

function outcomeOf(results: readonly CarrierFact[]): FlowResult["outcome"] {
  return results.every(({ status }) => status === "already-done") ? "already-done" : "done";
}

function inWords({ card, barcode, boundAt, stateText, status }: CarrierFact): string {
  const done = status === "already-done" ? "早已歸戶" : "已歸戶";
  return `${card} ${done}到 ${barcode ?? "自然人憑證"}（會員網站：${stateText}${boundAt === null ? "" : `，${boundAt}`}）`;
}

function asRow(result: CarrierFact | Refused): Parameters<typeof writeCarrierResults>[0][number] {
  if ("failure" in result) {
    const { carrier, failure } = result;
    return { link: carrier.link, outcome: "沒有歸戶", boundAt: "", reason: failure.message };
  }
  const outcome = result.status === "already-done" ? "早已歸戶" : "已歸戶";
  return { link: result.link, outcome, boundAt: result.boundAt ?? "", reason: "" };
}
