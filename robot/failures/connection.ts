import { connectionTrouble } from "../lib/connection-trouble.ts";
import { Failure, type FailureCode } from "./failure.ts";

/**
 * The failure of a connection that was not made: of its certificate where that is the cause, whatever was connected to.
 * @param otherwise what it is in every other case
 * @param wanted whom was to be connected to
 */
export function connectionFailure(error: unknown, otherwise: FailureCode, wanted: string): Failure {
  const trouble = connectionTrouble(error);
  const seen = trouble?.words ?? (error instanceof Error ? error.message : String(error));
  const detail = { wanted, seen, ...(trouble === null ? {} : { en: { seen: trouble.english } }) };
  switch (trouble?.kind) {
    case "untrusted":
      return new Failure("certificate-untrusted", detail, { cause: error });
    case "wrong":
      return new Failure("certificate-wrong", detail, { cause: error });
    case "network":
    case undefined:
      return new Failure(otherwise, detail, { cause: error });
  }
}

/** What Chromium calls it when nobody whom it trusts vouches for a certificate; Node's own list is of no help there. */
const DISTRUSTED =
  /^ERR_CERT_(AUTHORITY_INVALID|INVALID|NON_UNIQUE_NAME|SYMANTEC_LEGACY)$|^ERR_CERTIFICATE_TRANSPARENCY/;
/** Expired, of another host, revoked, signed weakly. */
const WRONG = /^ERR_CERT_|^ERR_SSL_(PINNED|SERVER_CERT)/;

/**
 * The failure of a page that the browser could not reach: of the certificate where that is the cause, which no waiting mends.
 * @param code the browser's own, such as `ERR_CONNECTION_REFUSED`
 */
export function browserConnectionFailure(code: string, error: unknown): Failure {
  const about = DISTRUSTED.test(code) ? "browser-distrusts" : WRONG.test(code) ? "certificate-wrong" : "portal-down";
  return new Failure(about, { seen: `瀏覽器連不上平台（${code}）` }, { cause: error });
}

/** Whether an error is about the certificate of an encrypted connection. */
export function isAboutCertificate(error: unknown): boolean {
  const kind = connectionTrouble(error)?.kind;
  return kind === "untrusted" || kind === "wrong";
}
