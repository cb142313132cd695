import { createCanvas } from "@napi-rs/canvas";

/** A picture of a page that never was, for records that nobody recorded: a heading and some lines, as JPEG. */
export async function drawnPage(title: string, lines: readonly string[]): Promise<Buffer> {
  const canvas = createCanvas(960, 540);
  const draw = canvas.getContext("2d");
  draw.fillStyle = "#ffffff";
  draw.fillRect(0, 0, 960, 540);
  draw.fillStyle = "#0b6b8c";
  draw.fillRect(0, 0, 960, 64);
  draw.fillStyle = "#eef4f6";
  draw.fillRect(0, 64, 210, 476);
  draw.font = '24px "Noto Sans CJK TC", sans-serif';
  draw.fillStyle = "#ffffff";
  draw.fillText("營業人功能選單", 28, 42);
  draw.fillStyle = "#16323c";
  draw.fillText(title, 244, 120);
  draw.font = '19px "Noto Sans CJK TC", sans-serif';
  for (const [index, line] of lines.entries()) {
    draw.strokeStyle = "#c8d6db";
    draw.strokeRect(244, 150 + index * 56, 680, 44);
    draw.fillText(line, 262, 179 + index * 56);
  }
  return canvas.encode("jpeg", 80);
}
