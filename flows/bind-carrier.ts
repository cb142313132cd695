import { z } from "zod";
import { parseMobileBarcode, parseMobilePhone } from "../robot/invoicing/values/carrier.ts";
import {
  parseCarrierLink,
  readCarrierList,
  type WantedCarrier,
  writeCarrierResults,
} from "../robot/invoicing/carriers/carrier-list.ts";
import type { CarrierInfo, CarrierSite } from "../selectors/pages.ts";
import {
  type CarrierResult,
  defineFlow,
  differences,
  type Door,
  type EffectSpec,
  Failure,
  type FlowPorts,
  type FlowResult,
  type Judgement,
  refusedAs,
} from "../robot/engine/flow.ts";
import { givenFile } from "./shared/blank-numbers.ts";
import { parsedInput } from "./shared/inputs.ts";

const link = parsedInput(parseCarrierLink);

/**
 * 會員載具歸戶: binds member carriers to their holders' 手機條碼 or 自然人憑證, one carrier by its link, or all of a list.
 *
 * By hand: open the link of the mail, 立即歸戶, 同意/確認, 手機條碼, phone and 驗證碼, compare, 確定; then look that it says 已歸戶.
 */
export const bindCarrier = defineFlow({
  name: "bind-carrier",
  title: "會員載具歸戶",
  version: 2,
  input: z.union([
    z.strictObject({ file: givenFile }),
    z.strictObject({
      link,
      to: z.literal("mobile").default("mobile"),
      phone: parsedInput(parseMobilePhone),
      barcode: parsedInput(parseMobileBarcode),
    }),
    z.strictObject({ link, to: z.literal("certificate") }),
  ]),
  async run(ports): Promise<FlowResult> {
    const { input, step, files } = ports;
    if (!("file" in input)) {
      const result = await bound(ports, { ...input, line: 1 }, "歸戶");
      if ("failure" in result) throw result.failure;
      return { outcome: outcomeOf([result]), carriers: [result], notes: [inWords(result)] };
    }
    const list = await step("帶入清單", () => files.bring(input.file));
    const wanted = await readList(ports, await files.read(list));
    const results: (CarrierResult | Refused)[] = [];
    for (const carrier of wanted) results.push(await bound(ports, carrier, `歸戶 ${labelOf(carrier)}`));
    const done = results.filter((one): one is CarrierResult => !("failure" in one));
    const refused = results.filter((one): one is Refused => "failure" in one);
    const file = await step("寫下結果", () =>
      files.save("歸戶結果.csv", writeCarrierResults(results.map(asRow)), {
        origin: `${list.name} 逐一歸戶的結果`,
        direction: "out",
      }),
    );
    if (refused.length === 0) {
      return { outcome: outcomeOf(done), carriers: done, files: [list, file], notes: done.map(inWords) };
    }
    const reasons = refused
      .slice(0, MOST_TOLD)
      .map(({ carrier, failure }) => `第 ${carrier.line} 行：${failure.message}`);
    const more = refused.length > MOST_TOLD ? `；另有 ${refused.length - MOST_TOLD} 個` : "";
    throw new Failure("carriers-unfinished", {
      wanted: `${list.name} 的 ${wanted.length} 個載具`,
      seen: `${done.length} 個已歸戶，${refused.length} 個沒有（全部見 ${file.path}）：${reasons.join("；")}${more}`,
    });
  },
});

/** Reasons in one message; the file has them all. */
const MOST_TOLD = 10;

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
      .slice(0, MOST_TOLD)
      .map(({ line, column, message, remedy }) => `第 ${line} 行 ${column}：${message}${remedy}`);
    throw new Failure("file-invalid", { wanted: "歸戶清單", seen: seen.join("；") });
  }
  if (carriers.length === 0) throw new Failure("file-invalid", { wanted: "歸戶清單", seen: "清單裡沒有載具" });
  return carriers;
}

/** One carrier, to its end: bound, or the reason why not. */
async function bound(
  ports: FlowPorts<unknown>,
  carrier: WantedCarrier,
  name: string,
): Promise<CarrierResult | Refused> {
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
): Promise<CarrierResult> {
  const door: Door<"carrier"> = {
    kind: "carrier",
    to: { link: carrier.link, phone: carrier.phone, needsPerson: false },
  };
  const binds = binding(carrier);
  const act = await effectAt(door, name, binds);
  const readBack = async (): Promise<CarrierInfo> => {
    const info = await step(
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
    coordinates: [link, "mobile", barcode],
    wanted: { 手機號碼: phone },
    look: (site) => site.info(),
    judge: (before, proved) => judge(before, proved, barcode),
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
  { step, visitAt, record }: FlowPorts<unknown>,
  { link }: WantedCarrier,
  name: string,
): Promise<CarrierResult> {
  const look: Door<"carrier"> = { kind: "carrier", to: { link, phone: null, needsPerson: false } };
  const before = await step(`${name}：看歸戶狀態`, () => visitAt(look, (site) => site.info()));
  if (before.state === "bound") {
    throw new Failure("carrier-bound-elsewhere", {
      wanted: "自然人憑證",
      seen: `${before.stateText} ${before.barcode ?? ""}`,
    });
  }
  const door: Door<"carrier"> = { kind: "carrier", to: { link, phone: null, needsPerson: true } };
  const info = await step(`${name}：請持有人插入憑證`, () =>
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

function outcomeOf(results: readonly CarrierResult[]): FlowResult["outcome"] {
  return results.every(({ status }) => status === "already-done") ? "already-done" : "done";
}

function inWords({ card, barcode, boundAt, stateText, status }: CarrierResult): string {
  const done = status === "already-done" ? "早已歸戶" : "已歸戶";
  return `${card} ${done}到 ${barcode ?? "自然人憑證"}（會員網站：${stateText}${boundAt === null ? "" : `，${boundAt}`}）`;
}

function asRow(result: CarrierResult | Refused): Parameters<typeof writeCarrierResults>[0][number] {
  if ("failure" in result) {
    const { carrier, failure } = result;
    return { link: carrier.link, outcome: "沒有歸戶", boundAt: "", reason: failure.message };
  }
  const outcome = result.status === "already-done" ? "早已歸戶" : "已歸戶";
  return { link: result.link, outcome, boundAt: result.boundAt ?? "", reason: "" };
}
