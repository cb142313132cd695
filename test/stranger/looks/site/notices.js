// 取號電子郵件信箱維護: where the mails go that tell of allocated numbers.
import { button, fields, h, textField, waitFor } from "./draw.js";
import { ask, complain, passwordAgain, receipt } from "./layers.js";
import { list, tick } from "./lists.js";

const { habits } = window;

export async function notices(card, tools) {
  const { call } = tools;
  const emails = await call("GET", "/data/notices");
  const saved = async (next, words) => {
    if (habits.reauthenticate === "notices" && !(await passwordAgain(call, card))) return;
    try {
      await call("POST", "/data/notices", { emails: next });
      await receipt(card, words, async () => {
        card.replaceChildren();
        await notices(card, tools);
      });
    } catch (trouble) {
      complain(card, trouble.message);
    }
  };
  if (habits.notices === "numbered") {
    const five = Array.from({ length: 5 }, (_, index) =>
      textField(`Email${index + 1}`, { start: emails[index] ?? "" }),
    );
    const store = () =>
      saved(
        five.map((one) => one.value()).filter((one) => one !== ""),
        "儲存成功",
      );
    card.append(fields(five), button("儲存", store, { main: true }));
    return;
  }
  const email = textField("電子郵件信箱", { id: "email" });
  const add = button(
    "新增",
    () => (email.value() === "" ? complain(card, "請輸入電子郵件信箱") : saved([...emails, email.value()], "新增成功")),
    { main: true },
  );
  const remove = async (gone) => {
    if (gone.length === 0) return complain(card, "請勾選欲刪除之資料");
    if (
      !(await ask(
        `請確認是否刪除${gone.join("、")}？`,
        ["是", "否"],
        card,
        gone.map((one) => ["電子郵件信箱", one]),
      ))
    )
      return;
    await saved(
      emails.filter((one) => !gone.includes(one)),
      "刪除成功",
    );
  };
  const ticks = new Map(emails.map((one) => [one, tick()]));
  const one = habits.notices === "tick";
  waitFor([email], [add]);
  card.append(
    fields([email]),
    h("div", { class: "rw" }, add),
    list({
      columns: [{ key: "email", words: "電子郵件信箱" }],
      rows: emails.map((email) => ({ email })),
      ...(one
        ? { tick: (row) => ticks.get(row.email) }
        : { acts: (row) => button("刪除", () => remove([row.email]), { tool: true }) }),
    }),
    one ? button("刪除", () => remove(emails.filter((email) => ticks.get(email).checked))) : "",
    h("p", { class: "nt" }, "系統客服信箱 help@stranger.example，客服專線 0800-521-988。"),
  );
}
