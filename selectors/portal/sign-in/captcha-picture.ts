import type { Locator } from "playwright";
import { PageError } from "../../dom/page-error.ts";
import { common } from "../../dom/reading/match.ts";
import type { Control, PageReading } from "../../dom/reading/reading.ts";

/** What a captcha's picture says of itself where it says anything: what it is, or that a press brings another. */
const ITS_OWN = /驗證|圖形|圖片|數字|換一|更新|更換|重新|看不清|captcha|verif|code|refresh|image|picture/i;
/** Pixels from the field to its picture, at the most. */
const BESIDE = { across: 480, along: 160 };

/**
 * The picture that a field for digits asks about, where none is called so: the one near to it that does not say it is something else, such
 * as a logo or a button drawn as a picture. Null while there is none, or more than one.
 */
export function pictureBeside({ controls }: PageReading, field: Control): Control | null {
  const pictures = controls.filter(
    (one) =>
      (one.kind === "picture" || one.kind === "clickable") &&
      (one.tag === "img" || one.tag === "canvas") &&
      one.frame === field.frame &&
      one.layer === field.layer &&
      isNear(one, field) &&
      saysNothingElse(one),
  );
  const near = Math.max(...pictures.map(({ path }) => common(path, field.path)));
  const [picture, ...others] = pictures.filter(({ path }) => common(path, field.path) === near);
  return picture !== undefined && others.length === 0 ? picture : null;
}

function isNear({ box: [left, top, width, height] }: Control, { box }: Control): boolean {
  const [fieldLeft, fieldTop, fieldWidth, fieldHeight] = box;
  const across = Math.max(left - (fieldLeft + fieldWidth), fieldLeft - (left + width));
  const along = Math.max(top - (fieldTop + fieldHeight), fieldTop - (top + height));
  return width >= 60 && height >= 20 && across < BESIDE.across && along < BESIDE.along;
}

function saysNothingElse({ names }: Control): boolean {
  const own = names.filter(({ from }) => from === "accessible" || from === "picture" || from === "tooltip");
  return own.length === 0 || own.some(({ text }) => ITS_OWN.test(text));
}

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
