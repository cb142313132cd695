import { isBan } from "taiwan-id-validator";
import { DomainError } from "../problems/problems.ts";

declare const ubnBrand: unique symbol;

/** 統一編號: 8 digits whose check digit is right, by the rule in force since 2023 (sum divisible by 5). */
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
