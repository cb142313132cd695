import { AsyncLocalStorage } from "node:async_hooks";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

const base = new AsyncLocalStorage<string>();

/** A file or folder: relative to the configuration's folder, or in the home of the account that runs the robot (`~/`), as a shell would read it. Absolute once read. */
export function path(): z.ZodPipe<z.ZodString, z.ZodTransform<string, string>> {
  return z.string().min(1).transform(absolute);
}

/** The path that a text means, while a configuration is read. */
export function absolute(text: string): string {
  return resolve(base.getStore() ?? "", text.startsWith("~/") ? join(homedir(), text.slice(2)) : text);
}

/** Reads a configuration whose paths count from this folder. */
export function withPathsFrom<T>(folder: string, read: () => T): T {
  return base.run(folder, read);
}
