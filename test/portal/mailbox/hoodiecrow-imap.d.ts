declare module "hoodiecrow-imap" {
  import type { Server } from "node:net";

  interface Hoodiecrow {
    readonly server: Server;
    appendMessage(mailbox: string, flags: string[], internalDate: Date, raw: string): void;
  }

  interface HoodiecrowOptions {
    plugins?: string[];
    users?: Record<string, { password: string }>;
    storage?: Record<string, object>;
  }

  export default function hoodiecrow(options: HoodiecrowOptions): Hoodiecrow;
}
