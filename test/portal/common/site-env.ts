import type { HttpBindings } from "@hono/node-server";
import type { Session } from "../model/sign-in.ts";

/** What the handlers of every design know of a request: the connection it came over, and who is signed in. */
export interface SiteEnv {
  Bindings: HttpBindings;
  Variables: { session: Session };
}
