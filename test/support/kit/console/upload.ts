import type { Answered, ConsoleOffice, Visitor } from "./console.ts";

/** A form with files, as the page itself sends it. */
export async function upload(
  visitor: Visitor,
  { console }: ConsoleOffice,
  path: string,
  fields: Readonly<Record<string, string>>,
  files: Readonly<Record<string, File>>,
): Promise<Answered> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ csrf: await visitor.csrf(), ...fields })) form.set(name, value);
  for (const [name, file] of Object.entries(files)) form.set(name, file);
  const body = new Response(form);
  const headers = { "content-type": body.headers.get("content-type") ?? "", origin: new URL(console.url).origin };
  return visitor.send("POST", path, headers, new Uint8Array(await body.arrayBuffer()));
}
