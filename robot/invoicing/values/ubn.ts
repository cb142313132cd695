import { isBan } from "taiwan-id-validator";
import { DomainError } from "../problems/problems.ts";

declare const ubnBrand: unique symbol;

/**
 * 統一編號: 8 digits. Where a person types it, its check digit must be right by the rule in force since 2023 (sum divisible by 5); where the
 * portal prints it, a wrong one is only worth a remark: there are registered businesses whose check digit fails.
 */
export type Ubn = string & { readonly [ubnBrand]: true };

/** Whether the text is a UBN exactly as it stands: no spaces, no full-width digits. */
export function isUbn(text: string): text is Ubn {
  return isBan(text);
}

/** @throws DomainError `ubn-invalid` */
export function parseUbn(text: string): Ubn {
  if (!isUbn(text)) throw new DomainError("ubn-invalid", text);
  return text;
}

/** The UBN of a file or list that the portal itself wrote: 8 digits, whatever its check digit. @throws DomainError `ubn-invalid` */
export function parsePrintedUbn(text: string): Ubn {
  if (!isPrintedUbn(text))
    throw new DomainError("ubn-invalid", text, { zh: "8 碼數字的統一編號", en: "a number of 8 digits" });
  return text;
}

/** Whether the text has the shape of a UBN: 8 digits, whatever its check digit. */
export function isPrintedUbn(text: string): text is Ubn {
  return /^\d{8}$/.test(text);
}
