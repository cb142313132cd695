import type { Locator } from "playwright";
import { PageError } from "../../dom/page-error.ts";

/**
 * The bytes of a picture on the page, once the real one is there: the portal first shows a placeholder of one pixel.
 * Asking for its address again would draw another captcha, so a picture that is not a data address is copied off the page.
 */
export async function pictureBytes(picture: Locator): Promise<Uint8Array> {
  const data = await picture.evaluate(async (element) => {
    if (!(element instanceof HTMLImageElement)) return element instanceof HTMLCanvasElement ? element.toDataURL() : "";
    const real = (): boolean => element.complete && element.naturalWidth > 1;
    for (let frame = 0; frame < 900 && !real(); frame++) await new Promise((next) => requestAnimationFrame(next));
    if (!real()) return "";
    if (element.src.startsWith("data:image/")) return element.src;
    const canvas = document.createElement("canvas");
    canvas.width = element.naturalWidth;
    canvas.height = element.naturalHeight;
    canvas.getContext("2d")?.drawImage(element, 0, 0);
    return canvas.toDataURL("image/png");
  });
  const base64 = /^data:image\/[a-z+]+;base64,(.+)$/.exec(data)?.[1];
  if (!base64)
    throw new PageError("page-changed", "圖形驗證碼的圖", data === "" ? "圖一直沒有出來" : data.slice(0, 40));
  return Buffer.from(base64, "base64");
}
