import { Failure } from "../../failures/failure.ts";
import type { RequestContext } from "./console-context.ts";

/** No list here has this many entries; a larger number is no place in one, and no database takes it. */
const LARGEST = 1_000_000_000;

/**
 * A whole number from 1 on out of the address.
 * @returns undefined where the address has none
 * @throws Failure `wrong-use` for anything else, which is answered with 400
 */
export function numberInQuery(c: RequestContext, name: string): number | undefined {
  const text = c.req.query(name);
  if (text === undefined || text === "") return undefined;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= LARGEST) return number;
  throw new Failure("wrong-use", { wanted: `${name}：1 以上的整數`, seen: text.slice(0, 20) });
}
