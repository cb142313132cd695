import type { Hono } from "hono";
import { companyOf, mailboxPasswordName, portalPasswordName } from "../../../config/load.ts";
import { Failure } from "../../../failures.ts";
import { enableAccount } from "../../../login/attempts.ts";
import { html, type Markup } from "../../../recording/export/html.ts";
import { Redactor } from "../../../recording/redactor.ts";
import { openSecretStore, type SecretStore } from "../../../secrets/store.ts";
import type { Session } from "../../access/sessions.ts";
import { type Acted, acting, fieldOf, needs } from "../../reply.ts";
import { asFailure } from "../../view/failures.ts";
import { icon } from "../../view/icons.ts";
import { csrfField } from "../../view/layout.ts";
import type { ConsoleContext, ConsoleWorld, Env } from "../../world.ts";
import { settingsPage } from "./frame.ts";

/** Whose password it is: a company's UBN, or the mailbox's. */
const MAILBOX = "mailbox";

interface Kept {
  readonly key: string;
  readonly title: string;
  /** The name under which it is stored. */
  readonly name: string;
  /** Account at the portal that may be used again with another password; null for the mailbox. */
  readonly account: string | null;
}

/** 設定 › 密碼: set, tested, removed. There is no way in which the console shows one. */
export function secretSettings(app: Hono<Env>, world: ConsoleWorld): void {
  app.get("/settings/secrets", needs("manage", world), async (c) => {
    const asked = c.req.query("ubn");
    const stored = await names(world);
    const session = c.get("session");
    const all = keptOf(world);
    const one = all.find(({ key }) => key === asked);
    const body = html`<h2>密碼</h2><p class="hint">存放在${world.config().secrets.provider === "keychain" ? "作業系統的鑰匙圈" : "加密的密碼庫檔"}。可以存入、測試、移除；任何人都看不到內容。</p>
${stored instanceof Failure ? html`<p class="notice bad" role="alert">${icon("failed")}<span>${stored.message}</span></p>` : null}
${one ? form(one, session) : null}
${table(all, stored instanceof Failure ? null : stored, session)}`;
    return settingsPage(c, world, "/settings/secrets", body);
  });

  type Work = (secrets: SecretStore, kept: Kept, password: string) => Promise<string>;
  const action = (name: string, work: Work): ((c: ConsoleContext) => Promise<Response>) =>
    acting(
      {
        name,
        role: "manage",
        async act(c, fields): Promise<Acted> {
          const key = fieldOf(fields, "key");
          const kept = keptOf(world).find((one) => one.key === key);
          if (!kept) throw new Failure("wrong-use", { wanted: `${key} 的密碼`, seen: "設定裡沒有這一項" });
          const done = await work(await secretStore(world), kept, fieldOf(fields, "password"));
          return { response: c.redirect(`/settings/secrets?done=${done}`, 303), about: { name: kept.name } };
        },
      },
      world,
    );

  app.post(
    "/settings/secrets/set",
    action("set-secret", async (secrets, { name, account }, password) => {
      if (password === "") throw new Failure("wrong-use", { wanted: "密碼", seen: "是空的" });
      await secrets.set(name, password);
      // A new password is a person's word that the account may be used again.
      if (account !== null) await enableAccount(world.store, account);
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

function secretStore(world: ConsoleWorld): Promise<SecretStore> {
  return openSecretStore(world.config().secrets, new Redactor());
}

async function names(world: ConsoleWorld): Promise<readonly string[] | Failure> {
  try {
    return await (await secretStore(world)).list();
  } catch (error) {
    return asFailure(error);
  }
}

function keptOf(world: ConsoleWorld): Kept[] {
  const config = world.config();
  const companies = config.companies.map((one) => {
    const company = companyOf(config, one.ubn);
    const { name, ubn, user } = company;
    return { key: ubn, title: `${name}　${ubn}`, name: portalPasswordName(company), account: `${ubn}/${user ?? ubn}` };
  });
  const { mailbox } = config;
  const box = mailbox
    ? [{ key: MAILBOX, title: `收信信箱　${mailbox.user}`, name: mailboxPasswordName(mailbox), account: null }]
    : [];
  return [...box, ...companies];
}

function form({ key, title }: Kept, session: Session): Markup {
  return html`<form method="post" action="/settings/secrets/set" class="stack card">${csrfField(session)}<input type="hidden" name="key" value="${key}"><h3>${title}</h3>
<label class="field">新密碼<input type="password" name="password" required autocomplete="new-password" autofocus></label><p class="hint">存入後，先前因密碼錯誤停用的帳號會恢復使用。</p><div class="actions"><button class="primary">存入</button><a class="button" href="/settings/secrets">不改了</a></div></form>`;
}

function table(all: readonly Kept[], stored: readonly string[] | null, session: Session): Markup {
  if (all.length === 0) return html`<p class="empty">還沒有公司，也沒有信箱。</p>`;
  return html`<label class="search filters"><span class="unseen">找</span><input type="search" placeholder="找公司名稱或統一編號" data-filter="#secrets tbody tr"></label>
<table class="list" id="secrets"><thead><tr><th scope="col">誰的</th><th scope="col">存放</th><th scope="col">動作</th></tr></thead><tbody>${all.map(
    ({ key, title, name }) => {
      const there = stored?.includes(name) ?? null;
      const button = (action: string, words: string): Markup =>
        html`<button class="quiet" formaction="/settings/secrets/${action}" aria-label="${words}：${title}">${words}</button>`;
      return html`<tr><td>${title}</td><td>${there === null ? html`<span class="soft">讀不到</span>` : there ? html`<span class="badge tone-good">${icon("done")}已存</span>` : html`<span class="badge tone-warn">${icon("open")}沒有</span>`}</td><td><form method="post" class="small-buttons">${csrfField(session)}<input type="hidden" name="key" value="${key}"><a class="button" href="/settings/secrets?ubn=${key}" aria-label="${there ? "更換" : "存入"}：${title}">${there ? "更換" : "存入"}</a>${there ? html`${button("test", "測試")}${button("remove", "移除")}` : null}</form></td></tr>`;
    },
  )}</tbody></table>`;
}
