import type { Context, Hono } from "hono";
import type { Office } from "../office/office.ts";
import { parts, periodAfter, slashed, stamp, western, type PeriodCode } from "../office/periods.ts";
import type { Parcels } from "../office/parcels.ts";
import { CATEGORY_NAMES, type Member } from "../office/records.ts";

type Asked = Readonly<Record<string, unknown>>;

/** What the page asks the office for, in JSON. */
export function api(app: Hono, office: Office, parcels: Parcels): void {
  const open = (path: string, handle: (asked: Asked, c: Context) => object | Promise<object>): void => {
    app.post(`/api/${path}`, async (c) => c.json(await handle(await askedOf(c), c)));
  };
  const inside = (path: string, handle: (member: Member, asked: Asked) => object | Promise<object>): void => {
    app.post(`/api/${path}`, async (c) => {
      office.work();
      const member = office.memberOf(tokenOf(c));
      if (member === undefined) return c.json({ title: "Session has expired, please try again." }, 401);
      const answer = await handle(member, await askedOf(c));
      return c.json(answer, "title" in answer ? 400 : 200);
    });
  };
  open("captcha", () => {
    const drawn = office.captchas.draw();
    return { token: drawn.token, image: drawn.png.toString("base64") };
  });
  open("doLogin", (asked) => {
    const answer = office.signIn({
      ban: text(asked, "ban"),
      user: text(asked, "customId"),
      password: text(asked, "password"),
      captchaToken: text(asked, "captchaToken"),
      captcha: text(asked, "captcha"),
    });
    return "refused" in answer ? { title: answer.refused } : { token: answer.token };
  });
  app.post("/api/logout", (c) => {
    office.signOut(tokenOf(c) ?? "");
    return c.json({});
  });
  inside("me", (member) => ({ ban: member.ban, name: member.name }));
  inside("password", (member, asked) => ({ right: office.confirmPassword(member, text(asked, "password")) }));
  inside("periods", () => ({
    take: office.openPeriods().map((one) => ({ value: one, label: `${western(one)}期` })),
    blank: [0, -1, -2, -3].map((steps) => {
      const one = periodAfter(office.openPeriods()[0] ?? "", steps);
      return { value: one, label: `${western(one)}期` };
    }),
    kinds: Object.entries(CATEGORY_NAMES).map(([value, label]) => ({ value, label: `${value} ${label}` })),
  }));
  inside("quota", (member, asked) => {
    const kind = text(asked, "kind") === "08" ? "08" : "07";
    return {
      left: office.left(member.ban, text(asked, "period"), kind),
      taken: office.taken(member.ban, text(asked, "period"), kind),
    };
  });
  inside("applications", (member, asked) => ({
    rows: office
      .applicationsOf(member.ban, evenMonth(text(asked, "from")), evenMonth(text(asked, "to")), text(asked, "kind"))
      .map((one) => ({
        id: one.id,
        ban: one.ban,
        period: `${western(one.period)}期`,
        kind: CATEGORY_NAMES[one.category],
        books: one.books,
        extra: one.extra,
        given: office.allotted(one) === "否" ? 0 : one.books + one.extra,
        state: office.allotted(one),
      })),
  }));
  inside("take", (member, asked) => {
    const answer = office.take(member.ban, {
      period: text(asked, "period"),
      category: text(asked, "kind") === "08" ? "08" : "07",
      books: Number(asked["books"]),
      extra: Number(asked["extra"] ?? 0),
    });
    return typeof answer === "string" ? { title: answer } : { message: "取號申請已受理，配號結果將寄至電子郵件信箱。" };
  });
  inside("tracks", (member, asked) => office.trackFile(member.ban, list(asked, "ids")));
  inside("notices", (member) => ({ addresses: office.noticesOf(member.ban) }));
  inside("notices/save", (member, asked) => {
    const why = office.keepNotices(member.ban, list(asked, "addresses"));
    return why === null ? { message: "儲存成功" } : { title: why };
  });
  inside("blanks", (member, asked) => ({
    rows: office
      .blanksOf(member.ban, text(asked, "period"))
      .map((row) => ({ ...row, period: slashed(row.period, "~") })),
  }));
  inside("blanks/delete", (member, asked) => ({
    message: `刪除成功，共 ${office.delete(member.ban, list(asked, "ids"))} 筆`,
  }));
  inside("upload", (member, asked) => ({
    id: office.upload(member.ban, text(asked, "period"), text(asked, "text")).id,
  }));
  inside("jobs", (member) => ({
    rows: office.uploads
      .filter((job) => job.ban === member.ban)
      .map((job) => ({ id: job.id, at: stamp(job.at), name: `${job.id}.csv`, state: job.state })),
  }));
  inside("failure", (member, asked) => ({
    name: "failure.csv",
    text: office.failureFile(member.ban, text(asked, "id")),
  }));
  inside("missing", (member, asked) => ({
    rows: office
      .missingOf(member.ban, text(asked, "period"), text(asked, "what"))
      .map((row) => ({ ...row, period: `${western(row.period)}期` })),
  }));
  inside("missing/file", (member, asked) => ({
    name: "missing.csv",
    text: office.missingFile(member.ban, text(asked, "period"), text(asked, "what")),
  }));
  app.post("/APCONSUMER/BTC103I/", async (c) => {
    const form = await c.req.parseBody();
    const sent = Object.fromEntries(
      Object.entries(form).map(([name, value]) => [name, typeof value === "string" ? value : ""]),
    );
    return c.redirect(`/portal/btc/btc103w/main/${parcels.take(sent)}`, 302);
  });
  open("carrier/query", (asked) => {
    if (!office.captchas.spend(text(asked, "captchaToken"), text(asked, "captcha")))
      return { title: "圖形驗證碼驗證失敗" };
    const holder = parcels.identify(text(asked, "parcel"), text(asked, "mobile"), text(asked, "code"));
    if (typeof holder === "string") return { title: holder };
    const card = parcels.cardOf(text(asked, "parcel"));
    return { barcode: holder.barcode, kind: card.kind, card: card.number };
  });
  open("carrier/bind", async (asked) => {
    const why = await parcels.bind(text(asked, "parcel"));
    return why === null ? { message: "會員載具歸戶成功" } : { title: why };
  });
}

async function askedOf(c: Context): Promise<Asked> {
  const body: unknown = await c.req.json().catch(() => ({}));
  return typeof body === "object" && body !== null ? Object.fromEntries(Object.entries(body)) : {};
}

function tokenOf(c: Context): string | undefined {
  return c.req.header("authorization")?.replace("Bearer ", "");
}

function text(asked: Asked, name: string): string {
  const value = asked[name];
  return typeof value === "string" ? value.trim() : "";
}

function list(asked: Asked, name: string): readonly string[] {
  const value = asked[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Month pickers give a western month, `2026-11`; the office counts in pairs of months. */
function evenMonth(month: string): PeriodCode {
  const [year = "0", number = "0"] = month.split("-");
  const even = Number(number) + (Number(number) % 2);
  return parts(`${Number(year) - 1911}${String(even).padStart(2, "0")}`).year > 0
    ? `${Number(year) - 1911}${String(even).padStart(2, "0")}`
    : "";
}
