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

/** Whether an error is about the certificate of an encrypted connection. */
export function isAboutCertificate(error: unknown): boolean {
  const kind = connectionTrouble(error)?.kind;
  return kind === "untrusted" || kind === "wrong";
}
