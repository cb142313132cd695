import { Failure, type FailureData } from "../../failures/failure.ts";

/** Nothing can be recorded any more. */
export function isFullDisk(error: unknown): error is Failure {
  return error instanceof Failure && error.code === "disk-full";
}

/** The failure that a step came back with, to be thrown again. */
export function asThrown({ code, message: _message, next: _next, ...detail }: FailureData): Failure {
  return new Failure(code, detail);
}

/** What went wrong as a failure; whatever is not known is the program's own. */
export function stepFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure("program-error", {
    seen: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  });
}
