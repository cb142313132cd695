import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { bootsy } from "./bootsy/site.ts";
import { elementy } from "./elementy/site.ts";
import { memberSite } from "./office/member-site.ts";
import { Office, type OfficeOptions } from "./office/office.ts";
import { strutsy } from "./strutsy/site.ts";

export type Face = "strutsy" | "elementy" | "bootsy";
export const FACES: readonly Face[] = ["strutsy", "elementy", "bootsy"];
const SITES: Readonly<Record<Face, (office: Office) => Hono>> = { strutsy, elementy, bootsy };

export interface Outsider extends AsyncDisposable {
  readonly url: string;
  readonly office: Office;
}

/** Opens an office behind one of its faces, on this machine. */
export async function startOutsider(face: Face, options: OfficeOptions, port = 0): Promise<Outsider> {
  const office = new Office(options);
  const site = SITES[face](office);
  memberSite(site, office);
  const listener = getRequestListener(site.fetch);
  const server = createServer((asked, answer) => void listener(asked, answer));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the outsider has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    office,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
