import { html as escaping, raw } from "hono/html";

/** Markup that is already escaped. Everything else that goes into a page is escaped on its way. */
export type Markup = ReturnType<typeof raw>;

type Part = Markup | string | number | null | readonly Part[];

/** Writes markup; texts that are put in can't become markup, whatever the portal or a file name says. Only what a page may hold is taken, and nothing is waited for. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const written = escaping(strings, ...parts);
  if (written instanceof Promise) throw new TypeError("A page is written without waiting.");
  return written;
}

/** Takes a text of this program's own as markup. */
export function markup(source: string): Markup {
  return raw(source);
}
