import { z } from "zod";
import { STATUS_MEANINGS } from "../../invoicing/ledger/vocabulary.ts";
import { uploadLayoutSchema } from "../../invoicing/blank-numbers/upload-layout.ts";
import { anomalyLimits } from "./anomalies.ts";
import { ubn } from "../fields/ubn.ts";

const columnName = z.string().trim().min(1, "欄位名稱不可空白；沒有這一欄請寫 null");

/** What our own table calls its columns; other usual names are known as well. */
const USUAL_NAMES = { number: "發票號碼", date: "發票日期", status: "狀態", seller: "賣方統編" };

/**
 * Names of the ledger's columns where they are not the usual ones, `#3` for the third one where nothing names them; null where the ledger
 * has no such column. `track` is 字軌 where it stands in its own column, `end` the last number where a row is a range.
 */
const ledgerColumns = z
  .strictObject({
    number: columnName.exactOptional(),
    track: columnName.nullable().exactOptional(),
    end: columnName.nullable().exactOptional(),
    date: columnName.nullable().exactOptional(),
    status: columnName.nullable().exactOptional(),
    seller: columnName.nullable().exactOptional(),
  })
  .superRefine((columns, context) => {
    const names = Object.values({ ...USUAL_NAMES, ...columns }).filter((name) => name !== null);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) context.addIssue({ code: "custom", message: `兩個欄位都叫「${twice}」` });
  });

const headOffice = z.strictObject({ head: ubn, branches: z.array(ubn).min(1, "至少要有一個分支機構") });

/** The files that are exchanged with the portal and with whatever issues the invoices, as far as they differ from one place to another. */
export const fileFormats = z
  .strictObject({
    /** The upload file of blank numbers. Two vendors agree on the defaults; the portal's own sample (範例檔) is what counts. */
    upload: uploadLayoutSchema.prefault({}),
    /** The invoice ledger from which blank numbers are computed. */
    ledger: z
      .strictObject({
        columns: ledgerColumns.prefault({}),
        /**
         * Further status words: `issued`, `voided`, `cancelled` (註銷) and `allowance` (折讓) have used the number, `blank` has not,
         * `not-a-use` says nothing about it.
         */
        statuses: z.record(z.string(), z.enum(STATUS_MEANINGS)).default({}),
      })
      .prefault({}),
    /** What is odd about blank numbers. */
    odd: anomalyLimits.prefault({}),
    /** 總機構 with their 分支機構: who uploads for whom. */
    branches: z.array(headOffice).default([]),
  })
  .superRefine(({ branches }, context) => {
    const owners = new Map<string, string>();
    for (const [index, { head, branches: own }] of branches.entries()) {
      if (branches.findIndex((other) => other.head === head) < index)
        context.addIssue({ code: "custom", path: ["branches", index], message: `總機構 ${head} 寫了兩次` });
      for (const branch of own) {
        const before = owners.get(branch);
        const fault =
          branch === head
            ? `${head} 不能是自己的分支機構`
            : before === undefined
              ? null
              : `分支機構 ${branch} 已經在總機構 ${before} 之下`;
        if (fault !== null) context.addIssue({ code: "custom", path: ["branches", index], message: fault });
        owners.set(branch, head);
      }
    }
  });
