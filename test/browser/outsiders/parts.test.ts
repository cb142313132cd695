import type { Page } from "playwright";
import { beforeAll, expect, test } from "vitest";
import type { Period } from "../../../robot/invoicing/values/period.ts";
import { isRowChecked, tickRow } from "../../../selectors/dom/lists/checkbox.ts";
import { readRows } from "../../../selectors/dom/lists/table.ts";
import { TERMS } from "../../../selectors/dom/reading/vocabulary.ts";
import { periodRange } from "../../../selectors/portal/tracks/period-range.ts";
import { smallPage } from "../../support/kit/small-page.ts";

// Small pages: parts that libraries of components draw. They share one browser.

const small = smallPage();
let page: Page;
beforeAll(() => {
  page = small();
});

/** Two calendars of single months, which close on a press elsewhere only. */
const MONTHS = `<h2>查詢</h2><div><label>發票期別</label>
  <div class="el-date-editor"><input readonly placeholder="起始月份"></div> 至 <div class="el-date-editor"><input readonly placeholder="結束月份"></div></div>
  <script>for (const input of document.querySelectorAll("input")) {
    let year = 2026;
    const box = document.createElement("div");
    box.style.cssText = "position:absolute;left:300px;top:20px";
    box.onmousedown = (event) => event.stopPropagation();
    const fill = () => {
      box.innerHTML = "<button>«</button><span>" + year + " 年</span><button>»</button><table></table>";
      const [back, on] = box.querySelectorAll("button");
      back.onclick = () => { year--; fill(); };
      on.onclick = () => { year++; fill(); };
      for (const [at, name] of [..."一二三四五六七八九十", "十一", "十二"].entries()) {
        const cell = box.querySelector("table").insertRow().insertCell();
        cell.style.cursor = "pointer";
        cell.textContent = name + "月";
        cell.onclick = () => { input.value = year + "-" + String(at + 1).padStart(2, "0"); box.remove(); };
      }
    };
    input.onclick = () => { fill(); document.body.append(box); };
    document.addEventListener("mousedown", () => box.remove());
  }</script>`;

test("a range of periods is chosen in calendars of single months, from the first of one to the last of the other", async () => {
  await page.setContent(MONTHS);
  const choose = await periodRange(page);
  await choose?.("11512" as Period, "11602" as Period);
  expect(await page.locator("input").evaluateAll((all) => all.map((one) => "value" in one && one.value))).toEqual([
    "2026-11",
    "2027-02",
  ]);
});

const head = "<tr><th></th><th>發票期別</th><th>取用本數</th></tr>";
const rows = (look: string): string =>
  ["115年11-12月", "116年01-02月"]
    .map((period) => `<tr><td><div style="${look}"><input type=checkbox></div></td><td>${period}</td><td>3</td></tr>`)
    .join("");

test("a row is ticked where its box is drawn a second time over it, and no other row is", async () => {
  await page.setContent(`<style>td, th { height: 30px; white-space: nowrap }</style><div style="position:relative">
    <table id=rows>${head}${rows("visibility:hidden")}</table>
    <div style="position:absolute;left:0;top:0;width:30px;overflow:hidden;background:white"><table id=copy>${head}${rows("")}</table></div></div>`);
  const found = await readRows(page, { wanted: [TERMS.books], optional: [TERMS.period] });
  const row = found.find(({ cells }) => cells["發票期別"]?.startsWith("116"))?.row;
  if (row === undefined) throw new Error("The row was not read.");
  await tickRow(row);
  expect(await isRowChecked(row)).toBe(true);
  expect(await page.locator("#copy input").evaluateAll((all) => all.map((one) => one.matches(":checked")))).toEqual([
    false,
    true,
  ]);
});
