import { masked } from "../../robot/invoicing/values/masking.ts";
import { formatPeriod, type Period } from "../../robot/invoicing/values/period.ts";
import { addressProof, type Recipient } from "../../robot/invoicing/winners/recipients.ts";
import { shownInvoice } from "../../robot/invoicing/winners/winner.ts";
import type { PlatformDelivery, PlatformSite } from "../../selectors/pages.ts";
import {
  type EffectSpec,
  Failure,
  type FlowPorts,
  type FlowResult,
  type Judgement,
  refusedAs,
} from "../../robot/engine/flow.ts";
import { summarize } from "./blank-numbers.ts";
import { PLATFORM } from "./platform.ts";

/** What 發票寄送歷程 says of one invoice: how often it was sent, and to whom as far as that is ours. */
type Deliveries = {
  /** Each row's own words; names and addresses stay at the platform. */
  readonly rows: readonly string[];
  /** Rows that name someone else than the one who is wanted. */
  readonly toOthers: number;
};

/**
 * 郵寄實體中獎發票: one order for each invoice that was not sent before, after a person's yes, since each costs money; then what 發票寄送歷程
 * says of them. One that is refused does not keep the others.
 * @throws Failure `cancelled` without that yes, `mailings-unfinished` with the reasons
 */
export async function mailedWinners(
  ports: FlowPorts<unknown>,
  period: Period,
  recipients: readonly Recipient[],
): Promise<Pick<FlowResult, "outcome" | "notes">> {
  const { step, visitAt, effectAt, hold, record, timing } = ports;
  const before = await step(
    "deliveries",
    "看發票寄送歷程",
    () => visitAt(PLATFORM, async (site) => sentInvoices(await deliveriesOf(site, period))),
    timing.retry,
  );
  const fresh = recipients.filter(({ invoice }) => !before.includes(invoice));
  if (fresh.length > 0) await agreed(ports, period, fresh);
  const notes: string[] = [];
  const refused: string[] = [];
  const sent: {
    readonly who: string;
    readonly invoice: string;
    readonly hold: (after: Deliveries) => Promise<void>;
  }[] = [];
  let done = 0;
  for (const recipient of recipients) {
    const isAgreed = fresh.includes(recipient);
    const who = `${shownInvoice(recipient.invoice)} 寄給 ${masked(recipient.name)}`;
    const name = `郵寄 ${recipient.invoice}`;
    const act = mailing(period, recipient, isAgreed);
    const outcome = await effectAt(PLATFORM, name, act).catch(ownReason);
    if (outcome instanceof Failure) refused.push(`第 ${recipient.line} 行 ${who}：${outcome.message}`);
    else {
      if (outcome.status === "confirmed") {
        done++;
        const held = (after: Deliveries): Promise<void> => hold(name, act, { before: outcome.before, after });
        sent.push({ who, invoice: recipient.invoice, hold: held });
      }
      notes.push(`${who}：${outcome.status === "confirmed" ? "已申請郵寄" : "早已申請"}（${outcome.proof}）`);
    }
  }
  const listed = await step(
    "deliveries-again",
    "讀回發票寄送歷程",
    () =>
      visitAt(PLATFORM, async (site) => {
        const deliveries = await deliveriesOf(site, period);
        const invoices = sentInvoices(deliveries);
        await record(`發票寄送歷程上有 ${invoices.length} 張`, { data: invoices, picture: true });
        return recipients.map((recipient) => ({ invoice: recipient.invoice, ...deliveriesTo(recipient, deliveries) }));
      }),
    timing.retry,
  );
  for (const { who, invoice, hold: held } of sent) {
    const after = listed.find((one) => one.invoice === invoice);
    await (after === undefined ? Promise.resolve() : held(after)).catch((error: unknown) => {
      refused.push(`${who}：${ownReason(error).message}`);
    });
  }
  if (refused.length === 0) return { outcome: done === 0 ? "already-done" : "done", notes };
  throw new Failure("mailings-unfinished", {
    wanted: `${formatPeriod(period, "zh")}的 ${recipients.length} 張中獎發票`,
    seen: `${notes.length} 張已申請，${refused.length} 張沒有：${summarize(refused)}`,
  });
}

/** With any of these the others of the list are gone on with. */
const OWN_REASONS: readonly string[] = [
  "mailed-elsewhere",
  "platform-refused",
  "form-mismatch",
  "done-differently",
  "person-needed",
];

function ownReason(error: unknown): Failure {
  if (error instanceof Failure && OWN_REASONS.includes(error.code)) return error;
  throw error;
}

async function agreed({ person }: FlowPorts<unknown>, period: Period, recipients: readonly Recipient[]): Promise<void> {
  const letters = recipients.map(({ invoice, name }) => `${shownInvoice(invoice)} 寄給 ${masked(name)}`);
  const answer = await person("mail-prizes", "郵寄實體中獎發票", {
    text: `要請加值平台郵寄${formatPeriod(period, "zh")}的 ${recipients.length} 張實體中獎發票：${summarize(letters)}。郵寄要付費，申請後不能撤回。同意嗎？`,
    choices: { yes: "同意，請平台郵寄", no: "不同意，不要郵寄" },
    context: { letters },
    consent: "yes",
  });
  if (answer !== "yes") throw new Failure("cancelled", { seen: "沒有得到同意，一張都沒有寄" });
}

/** 郵寄實體中獎發票 of one invoice, once. Where it goes is no part of the key: a second letter of one invoice is never wanted. */
function mailing(period: Period, recipient: Recipient, isAgreed: boolean): EffectSpec<Deliveries, PlatformSite> {
  const { invoice, name } = recipient;
  return {
    id: "mail-prize-invoice",
    keyParts: [period, invoice],
    wanted: { 發票號碼: invoice, "收件資料 SHA-256": addressProof(recipient) },
    observe: async (site) => deliveriesTo(recipient, await deliveriesOf(site, period)),
    decide: (before) => judge(before, isAgreed),
    open: async (site) => (await site.winners()).mailing(period, recipient),
    proof: (before, after) => {
      const more = after.rows.length - before.rows.length;
      if (more === 0) return "absent";
      if (more !== 1) return "unclear";
      if (after.toOthers === before.toOthers) return "as-asked";
      return { differs: [{ label: "收件人", asked: masked(name), found: "別人" }] };
    },
    listed: "later",
    refusals: refusedAs("platform-refused"),
  };
}

/** @param isAgreed a person was asked about this very invoice: one that was on the list then and is no longer was not asked about */
function judge({ rows, toOthers }: Deliveries, isAgreed: boolean): Judgement {
  if (toOthers > 0) return { refuse: "mailed-elsewhere", detail: { seen: summarize(rows) } };
  if (rows.length > 0) return { already: `寄送歷程：${summarize(rows)}` };
  if (isAgreed) return { go: true };
  return { refuse: "person-needed", detail: { seen: "寄送歷程上原來有這一張，現在沒有了；沒有問過人，所以沒有寄" } };
}

/** What the list says of one invoice. */
function deliveriesTo({ invoice, name }: Recipient, deliveries: readonly PlatformDelivery[]): Deliveries {
  const own = deliveries.filter((one) => one.invoice === invoice);
  return {
    rows: own.map(({ words }) => words),
    toOthers: own.filter((one) => one.recipient !== null && one.recipient !== name).length,
  };
}

async function deliveriesOf(site: PlatformSite, period: Period): Promise<PlatformDelivery[]> {
  return (await site.winners()).deliveries(period);
}

function sentInvoices(deliveries: readonly PlatformDelivery[]): string[] {
  return [...new Set(deliveries.map(({ invoice }) => invoice))];
}
