import { isStoreError, storeFailure } from "../../../store/errors.ts";
import { Failure } from "../../../failures/failure.ts";

/** What was thrown, as one of the failures that there are words for. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isStoreError(error)) return storeFailure(error);
  const seen = error instanceof Error ? error.message : String(error);
  return new Failure("program-error", { seen }, { cause: error });
}
