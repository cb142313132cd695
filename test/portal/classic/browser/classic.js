const { body } = document;
const told = body.dataset;
const byId = (id) => document.getElementById(id);

addEventListener("load", () => {
  for (const text of JSON.parse(told.says || "[]")) alert(text);
  writeUsualFigure();
  if (told.leads) location.replace(told.leads);
  const file = document.querySelector("[data-download]")?.dataset.download;
  if (file) location.assign(file);
});

/** What a link-button does, by its `data-do`. */
const deeds = {
  toggle: (link) => link.closest("li").classList.toggle("open"),
  "hide-menu"(link) {
    body.classList.remove("menu-covers");
    link.textContent = body.classList.toggle("menu-hidden") ? "顯示選單" : "隱藏選單";
  },
  "close-notice": () => byId("notice").remove(),
  "close-window": () => close(),
  "open-panel"() {
    byId("evn_geobox").style.display = "table";
    byId("l0_mobile").focus();
  },
  "refresh-picture": () => showPicture(),
  post: (link) => send(link.closest("form"), link),
  popup(link) {
    const ids = new URLSearchParams(ticked().map((box) => ["id", box.value]));
    if (link.dataset.none && ids.size === 0) return alert(link.dataset.none);
    open(`${link.dataset.to}?${ids}`, "download", "width=420,height=260");
  },
  "tick-all": () => tickEach(true),
  "tick-none": () => tickEach(false),
};

const ticked = () => [...document.querySelectorAll("input[name=id]:checked")];

function tickEach(on) {
  for (const box of document.querySelectorAll("input[name=id]")) box.checked = on;
}

/** Sends a form if its checks are passed and the reader agrees. */
function send(form, { dataset }) {
  const numbers = [form.elements.books, form.elements.extraBooks];
  if (dataset.check === "books" && !numbers.every((field) => /^\d{1,4}$/.test(field.value))) {
    return alert("取用本數及增加本數請輸入數字");
  }
  if (dataset.none && ticked().length === 0) return alert(dataset.none);
  if (dataset.check === "file" && form.elements.file.files.length === 0) return alert("請選擇檔案上傳路徑");
  if (dataset.alert) alert(dataset.alert);
  if (dataset.confirm && !confirm(dataset.confirm)) return;
  if (dataset.to) form.action = dataset.to;
  if (dataset.vouch) vouch(form);
  else form.submit();
}

/** 驗證密碼: what is sent has to be vouched for with the password of the sign-in. */
function vouch(form) {
  const box = document.createElement("div");
  box.id = "vouch";
  box.innerHTML = `<h3>驗證密碼</h3><p>登入驗證碼（密碼） <input type="password" autocomplete="off" /></p>
    <p><a class="button" href="javascript:void(0)">確認授權</a> <a class="button" href="javascript:void(0)">取消</a></p>`;
  const [yes, no] = box.querySelectorAll("a");
  no.addEventListener("click", () => box.remove());
  yes.addEventListener("click", () => {
    const sent = document.createElement("input");
    Object.assign(sent, { type: "hidden", name: "password", value: box.querySelector("input").value });
    form.append(sent);
    form.submit();
  });
  document.body.append(box);
}

/** The first click on a menu entry, or on 查詢, where two are needed. */
function swallowed(link) {
  const which = link.closest(".tree") ? "swallowsMenu" : link.dataset.isQuery ? "swallowsQuery" : "";
  const swallows = told[which] === "yes";
  if (swallows) told[which] = "";
  return swallows;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link !== null) {
    if (swallowed(link)) event.preventDefault();
    else deeds[link.dataset.do]?.(link);
  }
  const box = event.target.closest("table.list input[type=checkbox]");
  if (box !== null) tick(box, event.isTrusted);
});

function tick(box, isReal) {
  if (box.dataset.ticksAll)
    for (const other of document.querySelectorAll("input[name=id]")) other.checked = box.checked;
  const undone = told.tickUndone === "real" || (told.tickUndone === "synthetic" && !isReal);
  if (!undone) return;
  if (isReal) told.tickUndone = "synthetic";
  setTimeout(() => {
    for (const other of document.querySelectorAll("table.list input[type=checkbox]")) other.checked = false;
  });
}

document.addEventListener("change", ({ target }) => {
  if (target.dataset.sends) target.form.submit();
  if (target.dataset.status) void showStatus(target.form.elements);
});

/** 可取用本數 and 已取用本數 of what is chosen now. */
async function showStatus({ period, category }) {
  const asked = new URLSearchParams({ period: period.value, category: category.value });
  const answer = await fetch(`/APBTB/BTB004W/status?${asked}`);
  // A session that died meanwhile, or an outage, is answered with a page.
  const isLine = answer.ok && answer.headers.get("Content-Type").startsWith("text/plain");
  byId("status").textContent = isLine ? await answer.text() : "";
  writeUsualFigure();
}

/** Its own idea of how many books, a moment after the quota. */
function writeUsualFigure() {
  if (!told.lateFigure) return;
  const { books, ms } = JSON.parse(told.lateFigure);
  setTimeout(() => (byId("books").value = String(books)), ms);
}

const loginForm = byId("loginForm");

/** A consumer has other fields than everybody else. */
function showFields() {
  const isPerson = byId("loginSelect").value === "N";
  for (const row of loginForm.querySelectorAll("tr.person")) row.style.display = isPerson ? "" : "none";
  for (const row of loginForm.querySelectorAll("tr.office")) row.style.display = isPerson ? "none" : "";
}

function showPicture() {
  byId("randPicIndex").src = `/home/randNum?id=${Math.random()}`;
  byId("picture").style.display = "";
}

/** Asks about the picture first; only then the form is sent. */
async function signIn() {
  const { ban, userID, password, mobile, pincode, recaptchaValue } = loginForm.elements;
  const isPerson = byId("loginSelect").value === "N";
  const needed = [...(isPerson ? [mobile, pincode] : [ban, userID, password]), recaptchaValue];
  if (needed.some((field) => field.value === "")) return alert("請輸入必填欄位");
  const asked = new URLSearchParams({ checkString: recaptchaValue.value, ban: ban.value, userID: userID.value });
  const answer = await fetch("/home/Ajax", { method: "POST", body: asked });
  if (!answer.ok) return alert("系統發生錯誤，請稍後再試");
  const { num } = await answer.json();
  if (num === "0") return loginForm.submit();
  showPicture();
  recaptchaValue.value = "";
  alert("圖形驗證碼輸入錯誤");
}

if (loginForm !== null) {
  showFields();
  byId("loginSelect").addEventListener("change", showFields);
  byId("checkPicIndex").addEventListener("focus", () => byId("randPicIndex").src || showPicture());
  loginForm.addEventListener("submit", (event) => {
    event.preventDefault();
    void signIn();
  });
}
