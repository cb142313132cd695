import { createApp } from "../../app/compose.ts";
import { loadConfig } from "../../config/load.ts";
import { portalOrigin } from "../../config/portal-origin.ts";
import { overrulePage } from "../../engine/runs/page-states.ts";
import type { Answer, Output } from "../terminal/output.ts";

/** `selectors overrule <page>`: a person's word that the flows shall go to a page all the same, until a check knows it again. */
export async function overrule(
  page: string,
  { config: file, by }: { readonly config?: string; readonly by: string },
  output: Output,
): Promise<Answer> {
  const config = await loadConfig(file);
  const app = await createApp(config);
  try {
    const { title } = await overrulePage(app.store, portalOrigin(config), page, by);
    await app.robot.pagesNoted();
    const said = output.say(
      `已記下：要用「${title}」的作業照樣執行，直到下次檢查認得它。看不懂的地方，作業自己仍會停下來。`,
      `noted: jobs that need ${title} run all the same until a check knows it again; they still stop at what they do not understand.`,
    );
    return { data: { page, title, by }, lines: [said], exit: 0 };
  } finally {
    await app.close();
  }
}
