import { chromium, type Page } from "playwright";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { unlisting } from "../../../flows/shared/notice-list.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { TIMING } from "../../../selectors/dom/timing.ts";
import { PortalNoticeList } from "../../../selectors/portal/tracks/notice-list.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";

const executable = quickBrowser();
const browser = await chromium.launch({
  ...(executable === undefined ? {} : { executablePath: executable }),
  chromiumSandbox: process.getuid?.() !== 0,
});
afterAll(() => browser.close());

describe("刪除 of an address from the portal's list", () => {
  const act = unlisting("left@office.test", ["own@office.test"]);
  const before = { addresses: ["Own@office.test", "left@office.test"] };

  test("is proved by a list that shows who stays, and by no other", () => {
    expect(act.proof(before, { addresses: ["Own@office.test"] })).toBe("as-asked");
    expect(act.proof(before, before)).toBe("absent");
    // A list that has not filled yet, and the help desk's address on the page around it.
    expect(act.proof(before, { addresses: [] })).toBe("absent");
    expect(act.proof(before, { addresses: ["help@portal.test"] })).toBe("absent");
  });

  test("is not taken for done where the list has not filled yet", () => {
    expect(act.decide(before, false)).toEqual({ go: true });
    expect(act.decide({ addresses: ["own@office.test"] }, false)).toHaveProperty("already");
    expect(act.decide({ addresses: [] }, false)).toMatchObject({ refuse: "portal-slow" });
  });
});

describe("the list on a page", () => {
  const ALL = ["first@office.test", "second@office.test", "third@office.test"];

  test("is read as it stands in one moment, while the page is drawn anew all the time", async () => {
    const page = await pageWith(ALL);
    await page.evaluate(() => {
      const [list] = document.querySelectorAll("tbody");
      const rows = [...(list?.children ?? [])];
      // Gone, and there again: never a part of it.
      setInterval(() => list?.replaceChildren(...(list.children.length > 0 ? [] : rows)), 3);
    });
    const list = await PortalNoticeList.open(page, monitorDialogs(page));
    for (let look = 0; look < 40; look++) expect(await list.addresses()).toEqual(ALL);
  });

  test("is not what else the page prints while its rows are still to be drawn", async () => {
    const page = await pageWith(ALL);
    await page.evaluate(() => {
      const [list] = document.querySelectorAll("tbody");
      const rows = [...(list?.children ?? [])];
      list?.replaceChildren();
      document.body.append("客服信箱 help@portal.test");
      setTimeout(() => list?.replaceChildren(...rows), 600);
    });
    const list = await PortalNoticeList.open(page, monitorDialogs(page));
    expect(await list.addresses()).toEqual(ALL);
  });

  test("is not empty because the page says so until the list has come", async () => {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    monitorDialogs(page);
    const asked = Promise.withResolvers<void>();
    const comes = Promise.withResolvers<void>();
    await page.route("http://portal.test/**", async (route) => {
      if (!route.request().url().endsWith("/mails"))
        return route.fulfill({ contentType: "text/html; charset=utf-8", body: LATE });
      asked.resolve();
      await comes.promise;
      return route.fulfill({ json: ALL });
    });
    await page.goto("http://portal.test/");
    await asked.promise;
    const list = await PortalNoticeList.open(page, monitorDialogs(page));
    const reading = list.addresses();
    // Longer than it takes to believe a page that asks for nothing.
    await page.waitForTimeout(2 * TIMING.settled);
    comes.resolve();
    expect(await reading).toEqual(ALL);
  });

  test("is not empty because a message speaks of another one", async () => {
    const page = await pageWith([]);
    const list = await PortalNoticeList.open(page, monitorDialogs(page));
    await page.evaluate((address) => {
      document.body.insertAdjacentHTML("beforeend", "<p role=alert>查無資料</p>");
      setTimeout(() => {
        const row = `<tr><td>${address}</td><td><button>刪除</button></td></tr>`;
        document.querySelector("tbody")?.insertAdjacentHTML("beforeend", row);
      }, 300);
    }, "first@office.test");
    expect(await list.addresses()).toEqual(["first@office.test"]);
  });

  test("that says it is empty, on a page that asks for nothing, is", async () => {
    const page = await pageWith([]);
    await page.evaluate(() =>
      document.querySelector("tbody")?.insertAdjacentHTML("beforeend", "<tr><td>查無資料</td></tr>"),
    );
    const list = await PortalNoticeList.open(page, monitorDialogs(page));
    expect(await list.addresses()).toEqual([]);
  });

  test("has the row that is to be deleted where it is, though somebody deletes the one before it meanwhile", async () => {
    const page = await pageWith(ALL);
    const list = await PortalNoticeList.open(page, monitorDialogs(page));
    const { form } = await list.remove("second@office.test");
    await page.evaluate(() => document.querySelector("tbody tr")?.remove());
    expect(await form.readBack()).toEqual({ 電子郵件信箱: "second@office.test" });
  });
});

/** Says that there is nobody until the list has come. */
const LATE = `<label>電子郵件信箱 <input type="email"></label><table><tbody><tr><td>查無資料</td></tr></tbody></table>
  <script>
    fetch("/mails").then((answer) => answer.json()).then((all) => {
      document.querySelector("tbody").innerHTML = all
        .map((address) => "<tr><td>" + address + "</td><td><button>刪除</button></td></tr>").join("");
    });
  </script>`;

async function pageWith(addresses: readonly string[]): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const rows = addresses.map((address) => `<tr><td>${address}</td><td><button>刪除</button></td></tr>`);
  await page.setContent(
    `<label>電子郵件信箱 <input type="email"></label><table><tbody>${rows.join("")}</tbody></table>`,
  );
  return page;
}
