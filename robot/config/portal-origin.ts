import type { Config } from "./schema.ts";

/** Where the portal is, as it is configured: protocol, host and port. What is known or agreed to there holds nowhere else. */
export function portalOrigin({ portal }: { readonly portal: Pick<Config["portal"], "address"> }): string {
  return new URL(portal.address).origin;
}
