import { z } from "zod";
import { sampleDifferences } from "../robot/invoicing/blank-numbers/sample.ts";
import { defineFlow, type FlowResult, type SavedFile } from "../robot/engine/flow.ts";

/**
 * 取得範例檔: downloads the portal's own 範例檔 and 說明檔, keeps them, and says how they differ from the layout that this installation writes.
 * The portal's sample was never seen by those who wrote the robot; it is the sample that counts.
 *
 * By hand: 匯入字軌, 範例下載, 說明檔下載, and a look at both.
 */
export const learnFileFormats = defineFlow({
  name: "learn-file-formats",
  title: { zh: "取得範例檔", en: "fetch the samples" },
  about: {
    zh: "取回平台的範例檔與說明檔，看和設定的欄位有什麼不同。",
    en: "fetches the portal's sample files and says how the configured layout differs",
  },
  version: 2,
  input: z.strictObject({}),
  does: ["下載範例檔與說明檔", "和設定的欄位比較"],
  needs: ["upload-form"],
  final: null,
  async run({ step, visit, files, formats, record, timing }): Promise<FlowResult> {
    const fetched = (name: string, which: "sample" | "guide"): Promise<SavedFile> =>
      step(
        `download-${which}`,
        `下載${name}`,
        async () => {
          const file = await visit(async (portal) => (await portal.blankNumbers())[which]());
          return files.save(file.name, file.bytes, { origin: `平台：匯入字軌的${name}` });
        },
        timing.retry,
      );
    const sample = await fetched("範例檔", "sample");
    const guide = await fetched("說明檔", "guide");
    const differences = await step("compare-layout", "和設定的欄位比較", async () => [
      ...sampleDifferences(await files.read(sample), formats.upload),
    ]);
    await record(differences.length === 0 ? "範例檔和設定的欄位相同" : "範例檔和設定的欄位不同", { data: differences });
    const verdict =
      differences.length === 0
        ? ["範例檔和設定的欄位相同"]
        : [...differences, "請對照說明檔；確定後在設定檔的 files.upload 調整欄位，上傳前再執行一次確認。"];
    return { outcome: "done", files: [sample, guide], notes: verdict };
  },
});
