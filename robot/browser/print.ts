import { type BrowserSettings, browserHost } from "./launch.ts";

/**
 * Prints a page of ours as PDF (A4, with page numbers). Nothing is loaded from anywhere.
 * @param page whole HTML document
 * @param footer stands left of the page's number
 * @throws Failure `browser-missing`
 */
export async function printPdf(settings: BrowserSettings, page: string, footer: string): Promise<Buffer> {
  // Browsers print to a file only without a window.
  const visit = await browserHost({ ...settings, headless: true }).newContext();
  try {
    await visit.context.setOffline(true);
    const tab = await visit.context.newPage();
    await tab.setContent(page, { waitUntil: "load" });
    return await tab.pdf({
      format: "A4",
      printBackground: true,
      tagged: true,
      outline: true,
      margin: { top: "16mm", bottom: "18mm", left: "14mm", right: "14mm" },
      displayHeaderFooter: true,
      headerTemplate: "<span></span>",
      footerTemplate: `<div style="width: 100%; margin: 0 14mm; font-size: 8px; color: #5b6570; display: flex;
        justify-content: space-between;"><span>${textOnly(footer)}</span><span><span class="pageNumber"></span> /
        <span class="totalPages"></span></span></div>`,
    });
  } finally {
    await visit.close();
  }
}

function textOnly(text: string): string {
  return text.replace(/[<>&]/g, " ");
}
