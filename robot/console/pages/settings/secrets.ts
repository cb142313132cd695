import type { Hono } from "hono";
import {
  carrierCodeName,
  holderAccount,
  mailboxPasswordName,
  platformAccountName,
  platformPasswordName,
  portalAccount,
  portalPasswordName,
  smtpPasswordName,
} from "../../../config/secret-names.ts";
import type { Config } from "../../../config/schema.ts";
import { Failure } from "../../../failures/failure.ts";
import { isMobilePhone, parseMobilePhone } from "../../../invoicing/values/carrier.ts";
import { masked } from "../../../invoicing/values/masking.ts";
import { enableAccount } from "../../../login/attempts.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { Redactor } from "../../../recording/redaction/redactor.ts";
import { openSecretStore, type SecretStore } from "../../../secrets/store.ts";
import type { Session } from "../../access/sessions.ts";
import { type ActionResult, withAudit, fieldOf, requireRole } from "../../http/respond.ts";
import { asFailure } from "../../view/run/failures.ts";
import { icon } from "../../view/icons.ts";
import { csrfField } from "../../view/layout.ts";
import type { RequestContext, ConsoleContext, Env } from "../../http/console-context.ts";
import { settingsPage } from "./frame.ts";
import { sha256 } from "../../../lib/hash.ts";

/** What forms call those that are no company's: a company's go by its UBN. */
const MAILBOX = "mailbox";
const SMTP = "smtp";
const HOLDER = "holder";
/** Stands after the UBN where it is the company's account at its value-added platform. */
const PLATFORM = "platform";

interface Kept {
  readonly key: string;
  /** Whose it is, as it may be shown and written down. */
  readonly title: string;
  /** The name under which it is stored. */
  readonly name: string;
  /** What may be used again with another password: an account at the portal, a holder's 驗證碼; null for mail. */
  readonly account: string | null;
  /** The company whose password at the portal it is: there a sign-in can be tried. */
  readonly portalUbn?: string;
}

/** 設定 › 密碼: set, tested, removed. There is no way in which the console shows one. */
export function secretSettings(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/settings/secrets", requireRole("manage", world), async (c) => {
    const asked = c.req.query("ubn");
    const stored = await names(world);
    const session = c.get("session");
    const all = keptOf(world, stored instanceof Failure ? [] : stored);
    const one = all.find(({ key }) => key === asked);
    const body = html`<h2>密碼</h2><p class="hint">存放在${world.config().secrets.provider === "keychain" ? "作業系統的鑰匙圈" : "加密的密碼庫檔"}。可以存入、測試、移除；任何人都看不到內容。密碼只給存入時的網址用：平台密碼與手機條碼驗證碼現在是給 <code>${new URL(world.config().portal.address).origin}</code> 用的；改了平台網址，就要另外存入。</p>
${stored instanceof Failure ? html`<p class="notice bad" role="alert">${icon("failed")}<span>${stored.message}</span></p>` : null}
${one ? form(one, session) : null}
${table(all, stored instanceof Failure ? null : stored, session)}
${holderForm(session)}`;
    return settingsPage(c, world, "/settings/secrets", body);
  });

  type Work = (secrets: SecretStore, kept: Kept, password: string, by: string) => Promise<string>;
  const action = (name: string, work: Work): ((c: RequestContext) => Promise<Response>) =>
    withAudit(
      {
        name,
        role: "manage",
        async act(c, fields, { person }): Promise<ActionResult> {
          const secrets = await secretStore(world);
          const key = fieldOf(fields, "key");
          const kept =
            key === HOLDER
              ? ofHolder(world.config(), fieldOf(fields, "phone"))
              : keptOf(world, await secrets.list()).find((one) => one.key === key);
          if (!kept) throw new Failure("wrong-use", { wanted: `${key} 的密碼`, seen: "設定裡沒有這一項" });
          const done = await work(secrets, kept, fieldOf(fields, "password"), person);
          return { response: c.redirect(`/settings/secrets?done=${done}`, 303), about: { whose: kept.title } };
        },
      },
      world,
    );

  app.post(
    "/settings/secrets/set",
    action("set-secret", async (secrets, { name, account }, password, by) => {
      if (password === "") throw new Failure("wrong-use", { wanted: "密碼", seen: "是空的" });
      await secrets.set(name, password);
      // A new password is a person's word that the account may be used again.
      if (account !== null) await enableAccount(world.store, account, by);
      return "secret";
    }),
  );
  app.post(
    "/settings/secrets/test",
    action("test-secret", async (secrets, { name }) => {
      await secrets.get(name);
      return "secret-read";
    }),
  );
  app.post(
    "/settings/secrets/remove",
    action("remove-secret", async (secrets, { name }) => {
      await secrets.remove(name);
      return "secret-removed";
    }),
  );
}

function secretStore(world: ConsoleContext): Promise<SecretStore> {
  return openSecretStore(world.config().secrets, new Redactor());
}

async function names(world: ConsoleContext): Promise<readonly string[] | Failure> {
  try {
    return await (await secretStore(world)).list();
  } catch (error) {
    return asFailure(error);
  }
}

function keptOf(world: ConsoleContext, stored: readonly string[]): Kept[] {
  const config = world.config();
  const companies = config.companies.flatMap((company) => {
    const { ubn: key, platform } = company;
    const title = `${company.name}　${key}`;
    const own = {
      key,
      title,
      name: portalPasswordName(config, company),
      account: portalAccount(company),
      portalUbn: key,
    };
    if (platform === undefined) return [own];
    const [name, account] = [platformPasswordName(platform), platformAccountName(platform)];
    return [own, { key: `${key}-${PLATFORM}`, title: `${title}　加值平台`, name, account }];
  });
  const { mailbox, mail } = config;
  const inbox = mailbox
    ? [{ key: MAILBOX, title: `收信信箱　${mailbox.user}`, name: mailboxPasswordName(mailbox), account: null }]
    : [];
  const { user, host } = mail ?? {};
  const outbox =
    user !== undefined && host !== undefined
      ? [{ key: SMTP, title: `寄信信箱　${user}`, name: smtpPasswordName({ user, host }), account: null }]
      : [];
  return [...inbox, ...outbox, ...companies, ...stored.flatMap((name) => holderBehind(config, name))];
}

/** The 驗證碼 of a 手機條碼. Its key says nothing of the person. @throws Failure `wrong-use` */
function ofHolder(config: Config, typed: string): Kept {
  try {
    const phone = parseMobilePhone(typed);
    const name = carrierCodeName(config, phone);
    const key = `${HOLDER}-${sha256(name).slice(0, 16)}`;
    return { key, title: `手機條碼驗證碼　${masked(phone)}`, name, account: holderAccount(phone) };
  } catch (error) {
    throw new Failure("wrong-use", { wanted: "手機號碼", seen: "要 09 開頭的十個數字" }, { cause: error });
  }
}

/** The holder whose 驗證碼 is stored under this name, if it is one. */
function holderBehind(config: Config, name: string): Kept[] {
  const phone = name.split("/").at(-2) ?? "";
  return isMobilePhone(phone) && name === carrierCodeName(config, phone) ? [ofHolder(config, phone)] : [];
}

function holderForm(session: Session): Markup {
  return html`<details class="card"><summary>存入手機條碼的驗證碼</summary><form method="post" action="/settings/secrets/set" class="stack">${csrfField(session)}<input type="hidden" name="key" value="${HOLDER}">
<p class="hint">「會員載具歸戶」要持有人的手機號碼與驗證碼（手機條碼的密碼）。驗證碼只存在這裡，被平台拒絕一次就不再試，等您存入新的。</p>
<div class="grid"><label class="field">手機號碼<input name="phone" inputmode="tel" required autocomplete="off"><span class="hint">09 開頭的十個數字</span></label>
<label class="field">驗證碼<input type="password" name="password" required autocomplete="new-password"></label></div><div class="actions"><button class="primary">存入驗證碼</button></div></form></details>`;
}

function form({ key, title }: Kept, session: Session): Markup {
  return html`<form method="post" action="/settings/secrets/set" class="stack card">${csrfField(session)}<input type="hidden" name="key" value="${key}"><h3>${title}</h3>
<label class="field">新密碼<input type="password" name="password" required autocomplete="new-password" autofocus></label><p class="hint">存入後，先前因密碼錯誤停用的帳號會恢復使用。</p><div class="actions"><button class="primary">存入</button><a class="button" href="/settings/secrets">不改了</a></div></form>`;
}

function table(all: readonly Kept[], stored: readonly string[] | null, session: Session): Markup {
  if (all.length === 0) return html`<p class="empty">還沒有公司，也沒有信箱。</p>`;
  return html`<label class="search filters"><span class="unseen">找</span><input type="search" placeholder="找公司名稱或統一編號" data-filter="#secrets tbody tr"></label>
<table class="list" id="secrets"><thead><tr><th scope="col">誰的</th><th scope="col">存放</th><th scope="col">動作</th></tr></thead><tbody>${all.map(
    ({ key, title, name, portalUbn }) => {
      const there = stored?.includes(name) ?? null;
      const button = (action: string, words: string): Markup =>
        html`<button class="quiet" formaction="/settings/secrets/${action}" aria-label="${words}：${title}">${words}</button>`;
      return html`<tr><td>${title}</td><td>${there === null ? html`<span class="soft">讀不到</span>` : there ? html`<span class="badge tone-good">${icon("done")}已存</span>` : html`<span class="badge tone-warn">${icon("open")}沒有</span>`}</td><td><form method="post" class="small-buttons">${csrfField(session)}<input type="hidden" name="key" value="${key}"><a class="button" href="/settings/secrets?ubn=${key}" aria-label="${there ? "更換" : "存入"}：${title}">${there ? "更換" : "存入"}</a>${there ? html`${button("test", "測試")}${portalUbn === undefined ? null : html`<a class="button" href="/start?flow=try-sign-in&company=${portalUbn}" aria-label="試登入：${title}">試登入</a>`}${button("remove", "移除")}` : null}</form></td></tr>`;
    },
  )}</tbody></table>`;
}
