import { z } from "zod";
import { isUbn, parseUbn } from "../../invoicing/values/ubn.ts";

/** 統一編號, checked by its check digit. */
export const ubn = z
  .string()
  .refine(isUbn, "統一編號檢查碼不符，請確認八碼數字")
  .transform((text) => parseUbn(text));
