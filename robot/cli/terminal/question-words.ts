import type { Json } from "../../lib/json.ts";
import type { QuestionRow } from "../../engine/people/questions.ts";

/** A question without its picture, which is no text. */
export function questionData({ picture: _picture, ...question }: QuestionRow): Json {
  return question;
}

/** A question for whoever reads it on a terminal, with the commands that answer it. */
export function questionLines({ id, text, choices, free }: QuestionRow): string[] {
  return [
    `  問題 ${id}：${text}`,
    ...(free === "captcha" ? [`    answer ${id}　看圖並輸入`] : []),
    ...Object.entries(choices).map(([key, meaning]) => `    answer ${id} ${key}　${meaning}`),
  ];
}
