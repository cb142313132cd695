import { DomainError } from "../problems/problems.ts";

declare const barcodeBrand: unique symbol;
declare const certificateBrand: unique symbol;
declare const phoneBrand: unique symbol;

/** 手機條碼: a slash and seven of 0-9, A-Z, `.`, `+`, `-`; the slash is part of it. */
export type MobileBarcode = string & { readonly [barcodeBrand]: true };
/** 自然人憑證 as a carrier: two capital letters and 14 digits. */
export type CertificateNumber = string & { readonly [certificateBrand]: true };
/** 手機號碼, ten digits that begin with 09. */
export type MobilePhone = string & { readonly [phoneBrand]: true };

/** 共通性載具, to which a member carrier is bound: 手機條碼 (3J0002) or 自然人憑證 (CQ0001). */
export type CommonCarrier = "mobile" | "certificate";

/** Exactly as it stands: no spaces, no small letters. */
export function isMobileBarcode(text: string): text is MobileBarcode {
  return /^\/[0-9A-Z.+-]{7}$/.test(text);
}

export function isCertificateNumber(text: string): text is CertificateNumber {
  return /^[A-Z]{2}\d{14}$/.test(text);
}

export function isMobilePhone(text: string): text is MobilePhone {
  return /^09\d{8}$/.test(text);
}

/** @throws DomainError `barcode-invalid` */
export function parseMobileBarcode(text: string): MobileBarcode {
  if (!isMobileBarcode(text)) throw new DomainError("barcode-invalid", text);
  return text;
}

/** @throws DomainError `phone-invalid` */
export function parseMobilePhone(text: string): MobilePhone {
  const digits = text.replaceAll(/[\s-]/g, "");
  if (!isMobilePhone(digits)) throw new DomainError("phone-invalid", text);
  return digits;
}

/** By its name or its code at the portal. @throws DomainError `carrier-kind-unknown` */
export function parseCommonCarrier(text: string): CommonCarrier {
  const word = text.trim().toUpperCase();
  if (word === "手機條碼" || word === "3J0002") return "mobile";
  if (word === "自然人憑證" || word === "CQ0001") return "certificate";
  throw new DomainError("carrier-kind-unknown", text);
}

/** The barcode that stands in a text, such as a cell that also names it; null when there is none, or more than one. */
export function barcodeIn(text: string): MobileBarcode | null {
  const found = new Set(text.match(/(?<![\w/])\/[0-9A-Z.+-]{7}(?![\w.+-])/g) ?? []);
  const [one, ...others] = found;
  return one !== undefined && others.length === 0 && isMobileBarcode(one) ? one : null;
}
