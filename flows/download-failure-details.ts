import { z } from "zod";
import { readUploadFile } from "../robot/invoicing/blank-numbers/upload-file.ts";
import { defineFlow, Failure, type FlowResult, periodField, textField } from "../robot/engine/flow.ts";
import type { CheckedFile } from "./shared/blank-numbers.ts";
import { failureDetailsOf } from "./upload-blank-numbers.ts";

/**
 * 下載失敗明細: of one upload that the portal refused, by its name in 上傳列表, or of the newest that was.
 *
 * By hand: 上傳列表, the row that says 處理失敗, 下載, and a look at which of our lines each reason means.
 */
export const downloadFailureDetails = defineFlow({
  name: "download-failure-details",
  title: { zh: "下載失敗明細", en: "download failure details" },
  about: { zh: "取回某一次上傳的失敗明細，對到檔案的行。", en: "fetches the reasons of an upload that failed" },
  version: 2,
  input: z.strictObject({
    period: periodField({ choose: "ended" }),
    upload: textField({
      label: { zh: "匯入檔名", en: "name of the upload" },
      hint: {
        zh: "上傳列表上的檔名；不填就是最近失敗的一筆",
        en: "as 上傳列表 has it; default: the newest that failed",
      },
    }).optional(),
  }),
  does: ["看上傳列表", "下載失敗明細，說明每一行要怎麼改"],
  needs: ["upload-list"],
  final: null,
  async run(ports): Promise<FlowResult> {
    const { input, step, visit, files, formats, record, timing } = ports;
    const { period, upload } = input;
    const uploads = await step(
      "list-uploads",
      "查上傳列表",
      () =>
        visit(async (portal) => {
          const list = await (await portal.blankNumbers()).uploads();
          await record("上傳列表", { data: list, picture: true });
          return list;
        }),
      timing.retry,
    );
    const failed = uploads.find(
      ({ fileName, state }) => state === "failed" && (upload === undefined || fileName === upload),
    );
    if (!failed) {
      const seen = uploads
        .map(({ importedAt, fileName, stateText }) => `${importedAt} ${fileName}（${stateText}）`)
        .join("；");
      throw new Failure("wrong-use", {
        wanted: upload === undefined ? "處理失敗的上傳" : `處理失敗的 ${upload}`,
        seen: seen === "" ? "上傳列表是空的" : seen,
      });
    }
    // What we sent for the period, if we did: then each reason is reported with its line.
    const sent = await step("find-upload", "找這一期上傳過的檔案", () =>
      files.find({ kind: "blank-upload", period, category: "all" }),
    );
    const rows = sent ? readUploadFile(await files.read(sent), formats.upload).rows : [];
    const checked: CheckedFile | null = sent ? { file: sent, rows } : null;
    const { file, reasons } = await failureDetailsOf(ports, failed.fileName, checked);
    return {
      outcome: "done",
      files: [file],
      notes: [`${failed.importedAt} ${failed.fileName}：${failed.stateText}`, ...reasons],
    };
  },
});
