import { z } from "zod";
import { DEFAULT_LEDGER_COLUMNS } from "../invoicing/blank-numbers/ledger.ts";
import { uploadLayoutSchema } from "../invoicing/blank-numbers/upload-layout.ts";
import { anomalyLimits } from "./anomalies.ts";
import { ubn } from "./ubn.ts";

const columnName = z.string().trim().min(1, "欄位名稱不可空白；沒有這一欄請寫 null");

/** Names of the ledger's columns; null where it has no such column. */
const ledgerColumns = z
  .strictObject({
    number: columnName.default(DEFAULT_LEDGER_COLUMNS.number),
    date: columnName.nullable().default(DEFAULT_LEDGER_COLUMNS.date),
    status: columnName.nullable().default(DEFAULT_LEDGER_COLUMNS.status),
    seller: columnName.nullable().default(DEFAULT_LEDGER_COLUMNS.seller),
  })
  .superRefine((columns, context) => {
    const names = Object.values(columns).filter((name) => name !== null);
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
        /** Further status words: `issued` and `voided` have used the number, `not-a-use` (折讓, 未使用) has not. */
        statuses: z.record(z.string(), z.enum(["issued", "voided", "not-a-use"])).default({}),
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
