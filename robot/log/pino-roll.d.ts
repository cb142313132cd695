/** The package brings no types; this is what we use of it. */
declare module "pino-roll" {
  import type { EventEmitter } from "node:events";

  export interface RollingFile extends EventEmitter {
    write(text: string): boolean;
    destroy(): void;
  }

  interface Options {
    readonly file: string;
    readonly extension: string;
    /** A number and its unit: `b`, `k`, `m`, `g`. */
    readonly size: string;
    readonly frequency: "daily";
    readonly dateFormat: string;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
    readonly sync: boolean;
    readonly mode: number;
    readonly maxLength: number;
  }

  export default function roll(options: Options): Promise<RollingFile>;
}
