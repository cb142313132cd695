// A portal as it may have been twenty years ago: frames, forms that are posted, dialogs of the browser, a page that asks for the password.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Category } from "../stranger/rules.ts";
import { Business, categoryName, type OutsiderOptions, type Saves } from "./business.ts";
import { type Call, fields, file, html, ids, picture, receive, redirect, send, uploaded } from "./http.ts";
import { DOT, form, frames, imageButton, link, list, menu, options, page, signInPage } from "./html.ts";

const TRACKS = "電子發票專用字軌號碼取號 &gt; 電子發票專用字軌號碼取號";
const BLANKS = "電子發票上傳作業 &gt; 上傳未使用空白發票號碼作業";
const CATEGORIES = [
  ["07", categoryName("07")],
  ["08", categoryName("08")],
] as const;
const PAIRS = ["01~02", "03~04", "05~06", "07~08", "09~10", "11~12"].map((pair) => [pair, pair] as const);

export interface OldServer {
  readonly url: string;
  readonly business: Business;
  close(): Promise<void>;
}

/** Starts one on a port of its own. Its ledger is `business.ledger`. */
export async function startOldServer(wanted: OutsiderOptions = {}): Promise<OldServer> {
  const business = new Business(wanted);
  const pages = new Pages(business);
  const server = createServer((request, response) => {
    void receive(request, response).then((call) => pages.answer(call));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    business,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** `115/11~115/12` and, as the list prints it, with blanks. */
function onScreen(period: string, blank = ""): string {
  const year = period.slice(0, 3);
  const last = Number(period.slice(3));
  return `${year}/${String(last - 1).padStart(2, "0")}${blank}~${blank}${year}/${period.slice(3)}`;
}

function codeOf(year: string | null, pair: string | null): string {
  return `${year ?? ""}${(pair ?? "").split("~")[1] ?? ""}`;
}

class Pages {
  readonly #business: Business;
  /** What the next page says in an alert. */
  #said = "";
  /** The save that waits for the password. */
  #pending: { readonly act: Saves; readonly save: () => string } | null = null;

  constructor(business: Business) {
    this.#business = business;
  }

  answer(call: Call): void {
    const { path, cookies, query } = call;
    const business = this.#business;
    if (path.startsWith("/img/")) return picture(call, DOT);
    if (path === "/captcha-answer") return send(call, "text/plain", business.captchaAnswer);
    if (path === "/picture") {
      const { token, png } = business.captcha();
      return picture(call, png, { "set-cookie": `PIC=${token}; Path=/` });
    }
    if (path === "/" || path === "/accounts/login") return html(call, signInPage(refusalIn(query.get("refused"))));
    if (path === "/login.do") return this.#signIn(call);
    const session = cookies.get("JSESSIONID");
    if (session === undefined || !business.isSignedIn(session))
      return html(call, `<script>alert("連線逾時，請重新登入");top.location.href="/";</script>`);
    if (path === "/logout.do") {
      business.signOut(session);
      return html(call, `<script>top.location.href="/";</script>`);
    }
    if (path === "/A01down.do") return file(call, "invnoapply.csv", business.file(ids(fields(call))));
    if (path === "/verify.do") return this.#verify(call);
    const save = this.#saveOf(call);
    if (save !== null) return this.#guarded(call, save.act, save.save);
    const shown = this.#pageOf(call);
    if (shown === null) return html(call, "<h1>404</h1>", 404);
    html(call, shown);
  }

  #signIn(call: Call): void {
    const sent = fields(call);
    const told = ["ban", "user", "password"].map((name) => sent.get(name) ?? "") as [string, string, string];
    const result = this.#business.signIn(...told, call.cookies.get("PIC") ?? "", sent.get("digits") ?? "");
    if ("refused" in result) return redirect(call, `/?refused=${result.refused}`);
    redirect(call, "/Main", { "set-cookie": `JSESSIONID=${result.session}; Path=/` });
  }

  /** What is saved by this address, and where it leads. */
  #saveOf(call: Call): { readonly act: Saves; readonly save: () => string } | null {
    const business = this.#business;
    const sent = fields(call);
    switch (call.path) {
      case "/A01submit.do":
        return {
          act: "take",
          save: () => {
            const category: Category = sent.get("category") === "08" ? "08" : "07";
            const period = sent.get("period") ?? "";
            const refused = business.take(period, category, Number(sent.get("books")), Number(sent.get("extra")));
            this.#said = refused ?? "取號資料已提交，配號結果將以Email通知";
            return refused === null ? "/A01.do" : `/A01form.do?period=${period}`;
          },
        };
      case "/A01mailadd.do":
        return { act: "notice", save: () => this.#notice("add", sent.get("address") ?? "") };
      case "/A01maildel.do":
        return { act: "notice", save: () => this.#notice("delete", sent.get("address") ?? "") };
      case "/B01upload.do": {
        const { period, text } = uploaded(call);
        return {
          act: "upload",
          save: () => {
            business.upload(period, text);
            this.#said = "檔案上傳成功，請至上傳列表查詢處理結果";
            return `/B01import.do?period=${period}`;
          },
        };
      }
      case "/B01del.do":
        return {
          act: "delete",
          save: () => {
            business.delete(ids(sent));
            this.#said = "刪除成功";
            return `/B01list.do?period=${call.query.get("period") ?? ""}`;
          },
        };
      default:
        return null;
    }
  }

  #notice(action: "add" | "delete", address: string): string {
    this.#business.setNotice(action, address);
    this.#said = action === "add" ? "新增成功" : "刪除成功";
    return "/A01mail.do";
  }

  /** A save that asks for the password is a page of its own. */
  #guarded(call: Call, act: Saves, save: () => string): void {
    if (!this.#business.asks(act)) return redirect(call, save());
    this.#pending = { act, save };
    const field = form([["密碼", `<input type="password" name="password">`]]);
    const buttons = `<input type="button" value="取消" onclick="history.back()"> <input type="submit" value="確認授權">`;
    html(call, page("驗證密碼", "驗證密碼", `<form action="/verify.do" method="post">${field}${buttons}</form>`));
  }

  #verify(call: Call): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) return redirect(call, "/home.jsp");
    if (this.#business.verify(pending.act, fields(call).get("password") ?? "")) return redirect(call, pending.save());
    this.#said = "使用者帳號或密碼錯誤";
    redirect(call, "/home.jsp");
  }

  #pageOf({ path, query }: Call): string | null {
    switch (path) {
      case "/Main":
        return frames;
      case "/top.jsp":
        return `<body bgcolor="#336699"><font color="white">財政部電子發票整合服務平台　歡迎 : ${this.#business.company.name}</font></body>`;
      case "/menu.jsp":
        return menu(MENU);
      case "/home.jsp":
        return page("首頁", "最新消息", "<ul><li>請記得維護您的個人資料</li></ul>", this.#say());
      case "/A01.do":
        return this.#tracks();
      case "/A01list.do":
        return this.#taken(query);
      case "/A01form.do":
        return this.#takeForm(query);
      case "/A01mail.do":
        return this.#notices();
      case "/B01.do":
        return this.#blanks(query);
      case "/B01list.do":
        return this.#listed(query);
      case "/B01import.do":
        return this.#import(query);
      case "/B01uploads.do":
        return this.#uploads();
      default:
        return null;
    }
  }

  #say(): string {
    const said = this.#said;
    this.#said = "";
    return said;
  }

  #tracks(): string {
    const { now } = this.#business.periods;
    const year = Number(now.slice(0, 3));
    const years = [year - 1, year, year + 1].map((one) => [String(one), String(one)] as const);
    const pair = PAIRS.find(([one]) => one.endsWith(now.slice(3)))?.[0] ?? "";
    const end = (at: number): string =>
      `<select name="y${at}">${options(years, String(year))}</select> / <select name="m${at}">${options(PAIRS, pair)}</select>`;
    const search = form([
      ["發票期別", `${end(1)} ~ ${end(2)}`],
      ["發票類別", `<select name="category">${options([["", "全部"], ...CATEGORIES], "")}</select>`],
    ]);
    const buttons =
      link("go('/A01form.do')", "取號") +
      link("go('/A01list.do')", "查詢") +
      link("location.href='/A01mail.do'", "取號Email維護");
    const note = `<p><font color="red">取號前，請先透過取號Email維護，建立通知配號結果之Email</font></p>`;
    return page(TRACKS, "查詢", `<form name="F" method="get">${search}${buttons}</form>${note}${GO}`, this.#say());
  }

  #taken(query: URLSearchParams): string {
    const [from, to] = [codeOf(query.get("y1"), query.get("m1")), codeOf(query.get("y2"), query.get("m2"))];
    const rows = this.#business.takes
      .filter(
        ({ period, category }) =>
          period >= from && period <= to && [category, ""].includes(query.get("category") ?? ""),
      )
      .map((take) => {
        const state = this.#business.stateOf(take);
        const tick = state === "是" ? `<input type="checkbox" name="id" value="${take.id}">` : "";
        const { ubn, period, category, books, extra } = take;
        const allocated = state === "是" ? books + extra : 0;
        return [
          tick,
          ubn,
          onScreen(period, " "),
          categoryName(category),
          `${books}`,
          `${extra}`,
          `${allocated}`,
          state,
          "否",
        ];
      });
    const header = [
      "",
      "營業人統編",
      "發票期別",
      "發票類別",
      "取用本數",
      "增加本數",
      "已配本數",
      "是否已配號",
      "停止使用",
    ];
    const buttons =
      link("location.href='/A01form.do'", "取號") + link("down()", "下載") + link("location.href='/A01.do'", "返回");
    const script = `<script>function down(){if(confirm("下載檔案編碼為UTF-8"))document.F.submit();}</script>`;
    return page(
      TRACKS,
      "列表",
      `<form name="F" action="/A01down.do" method="post">${list(header, rows)}</form>${buttons}${script}`,
    );
  }

  #takeForm(query: URLSearchParams): string {
    const { company, periods } = this.#business;
    const period = query.get("period") ?? periods.now;
    const offered = [periods.now, periods.next].map((one) => [one, onScreen(one)] as const);
    const lines = form([
      ["營業人統編", company.ubn],
      ["營業人名稱", company.name],
      ["配號註記", "期配"],
      [
        "發票期別",
        `<select name="period" onchange="again()">${options(offered, period)}</select> <input type="checkbox" name="stop">停止使用`,
      ],
      ["發票類別", `<select name="category">${options(CATEGORIES, query.get("category") ?? "07")}</select>`],
      [
        `<font color="red">*</font>Email`,
        `<input type="text" name="email" value="${company.mailboxes[0] ?? ""}" readonly size="40">`,
      ],
      ["取用本數", `<input type="text" name="books" size="5">`],
      ["增加本數", `<input type="text" name="extra" size="5" value="0">`],
    ]);
    const quota = `<p>狀態：正常　可取用本數：${company.quota}　已取用本數：${this.#business.taken(period)}</p>`;
    const buttons =
      link("send()", "提交取號") + link("void(0)", "查詢歷程記錄") + link("location.href='/A01.do'", "返回");
    const script = `<script>function again(){var f=document.F;location.href="/A01form.do?period="+f.period.value+"&category="+f.category.value;}
function send(){if(confirm("是否確定提交取號？"))document.F.submit();}</script>`;
    return page(
      TRACKS,
      "取用",
      `<form name="F" action="/A01submit.do" method="post">${lines}${quota}</form>${buttons}${script}`,
      this.#say(),
    );
  }

  #notices(): string {
    const rows = this.#business.company.mailboxes.map((address, at) => [
      `<input type="checkbox" name="address" value="${address}">`,
      String(at + 1),
      address,
    ]);
    const adding = `<form action="/A01mailadd.do" method="post">${form([["Email", `<input type="text" name="address" size="40"> ${imageButton("add", "新增")}`]])}</form>`;
    const deleting = `<form action="/A01maildel.do" method="post" onsubmit="return confirm('請確認是否刪除？')">${list(["選取", "序號", "Email"], rows)}${imageButton("del", "刪除")}</form>`;
    const back = link("location.href='/A01.do'", "返回");
    return page("電子發票專用字軌號碼取號 &gt; 取號Email維護", "取號Email維護", adding + deleting + back, this.#say());
  }

  #period(chosen: string | null): string {
    const { now, next, ended } = this.#business.periods;
    const offered = [next, now, ended].map((one) => [one, onScreen(one)] as const);
    return form([["字軌期別", `<select name="period">${options(offered, chosen ?? ended)}</select>`]]);
  }

  #blanks(query: URLSearchParams): string {
    const buttons =
      link("void(0)", "新增") +
      link("go('/B01list.do')", "查詢") +
      link("go('/B01import.do')", "匯入字軌") +
      link("go('/B01uploads.do')", "上傳列表");
    const notes = "<p>如使用【匯入字軌】功能維護『未使用空白發票號碼』，請於上傳後以【上傳列表】功能進行結果確認。</p>";
    return page(
      BLANKS,
      "查詢",
      `<form name="F" method="get">${this.#period(query.get("period"))}${buttons}</form>${notes}${GO}`,
    );
  }

  #listed(query: URLSearchParams): string {
    const period = query.get("period") ?? "";
    const rows = this.#business.blanks(period).map(({ id, track, begin, end }) => {
      const tick = `<input type="checkbox" name="id" value="${id}">`;
      return [tick, this.#business.company.ubn, categoryName("07"), onScreen(period), track, begin, end];
    });
    const header = ["刪除", "總/分支機構統編", "發票類別", "發票年月", "發票字軌", "發票起號", "發票迄號"];
    const buttons = link("del()", "刪除") + link("location.href='/B01.do'", "返回");
    const script = `<script>function del(){if(confirm("請確認是否刪除所選資料？"))document.F.submit();}</script>`;
    const body = `${list(header, rows)}<p>頁次 1 每頁顯示 15 筆， 總筆數:${rows.length}</p>${buttons}`;
    return page(
      BLANKS,
      "列表",
      `<form name="F" method="post" action="/B01del.do?period=${period}">${body}</form>${script}`,
      this.#say(),
    );
  }

  #import(query: URLSearchParams): string {
    const path = form([["檔案上傳路徑", `<input type="file" name="file">`]]);
    const buttons =
      link("document.F.submit()", "上傳") +
      link("void(0)", "範例下載") +
      link("void(0)", "說明檔下載") +
      link("location.href='/B01.do'", "返回");
    const sends = `<form name="F" method="post" enctype="multipart/form-data" action="/B01upload.do">`;
    return page(BLANKS, "上傳", `${sends}${this.#period(query.get("period"))}${path}${buttons}</form>`, this.#say());
  }

  #uploads(): string {
    const rows = this.#business.uploads().map(({ time, name, state }) => [time, name, state, ""]);
    const table = list(["匯入時間", "匯入檔名", "處理狀態", "失敗明細"], rows);
    return page(BLANKS, "上傳列表", `${table}<p>總筆數: ${rows.length}</p>${link("location.href='/B01.do'", "返回")}`);
  }
}

const GO = `<script>function go(to){document.F.action=to;document.F.submit();}</script>`;

const MENU = [
  [
    "電子發票專用字軌號碼取號",
    [
      ["電子發票專用字軌號碼取號", [["電子發票專用字軌號碼取號(營業人)", "/A01.do"]]],
      ["電子發票上傳作業", [["上傳空白未使用發票號碼", "/B01.do"]]],
    ],
  ],
  ["會員帳號申請及異動", [["個人資料維護", "/home.jsp"]]],
] as const;

function refusalIn(text: string | null): "captcha" | "credentials" | null {
  return text === "captcha" || text === "credentials" ? text : null;
}
