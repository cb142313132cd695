import canonicalize from "canonicalize";

/** What survives a checkpoint: plain JSON. `undefined` does not, so optional things are `null` or left out. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** One text for one value, whatever the order of its keys (RFC 8785). */
export function canonicalText(json: Json): string {
  const text = canonicalize(json);
  if (text === undefined) throw new TypeError("Only JSON values have a canonical text.");
  return text;
}

/** Whether it is a list; `Array.isArray` forgets that it is read-only. */
export function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
