import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type AnyFlow, type FlowField, presetOf } from "../../../engine/flow.ts";
import { Failure } from "../../../failures/failure.ts";
import type { Json } from "../../../lib/json.ts";
import { optionOf, optionKey } from "./flow-options.ts";
import { sha256 } from "../../../lib/hash.ts";

/** Options as commander gives them, by their names in camel case. */
export interface GivenOptions {
  readonly [option: string]: string | number | boolean | undefined;
}

/**
 * A flow's input out of its options: what was said, else what is usual.
 * @throws Failure `wrong-use` naming the option that is missing, or the file that can't be read
 */
export async function givenInput(
  { fields }: AnyFlow,
  options: GivenOptions,
  usual: { readonly now: Date; readonly books: number | undefined },
): Promise<Json> {
  const input: Record<string, Json> = {};
  for (const field of fields) {
    const said = options[optionKey(field)];
    const value = said === undefined ? presetOf(field, usual) : await valueOf(field, said);
    if (value !== undefined) input[field.name] = value;
    else if (!field.optional) throw missing(field);
  }
  return input;
}

function missing(field: FlowField): Failure {
  const isBooks = field.kind === "books";
  const option = optionOf(field);
  return new Failure("wrong-use", {
    wanted: field.label.zh,
    seen: `沒有 ${option}${isBooks ? "，設定檔裡這家公司也沒有 books" : ""}`,
    en: {
      wanted: field.label.en,
      seen: `no ${option}${isBooks ? ", nor does the configuration have books for this company" : ""}`,
    },
  });
}

async function valueOf({ kind }: FlowField, said: string | number | boolean): Promise<Json> {
  return kind === "file" ? givenFile(String(said)) : said;
}

/** What the file is now: the run refuses it if it is another one by the time that it is sent. */
async function givenFile(name: string): Promise<Json> {
  const path = resolve(name);
  const bytes = await readFile(path).catch((error: unknown) => {
    const { zh, en } = reasonOf(error);
    throw new Failure("wrong-use", {
      wanted: `讀取檔案 ${path}`,
      seen: zh,
      en: { wanted: `the file ${path}`, seen: en },
    });
  });
  return { path, sha256: sha256(bytes) };
}

function reasonOf(error: unknown): { readonly zh: string; readonly en: string } {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return { zh: "沒有這個檔案", en: "there is no such file" };
  if (code === "EISDIR") return { zh: "這是資料夾，不是檔案", en: "it is a folder, not a file" };
  if (code === "EACCES") return { zh: "沒有讀取的權限", en: "it may not be read" };
  return { zh: String(error), en: String(error) };
}
