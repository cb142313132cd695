/**
 * The rooms of the code and what each may import, types included. A room is a folder; the longest match counts. `lib`, `invoicing`
 * and `selectors` know nothing of the machine; only `app` and `cli` put the parts together.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  flows: ["flows/ports.ts", "robot/invoicing", "robot/engine/flow.ts", "selectors/pages.ts"],
  "flows/ports.ts": ["robot/invoicing", "robot/engine/flow.ts", "selectors/pages.ts"],
  "selectors/pages.ts": ["robot/invoicing", "selectors/page-check.ts", "selectors/submit/irreversible.ts"],
  "selectors/page-check.ts": ["robot/invoicing"],
  "selectors/dom": ["robot/invoicing", "selectors/page-check.ts", "selectors/pages.ts"],
  "selectors/submit": ["selectors/dom", "selectors/pages.ts"],
  "selectors/portal": [
    "robot/invoicing",
    "robot/lib/hash.ts",
    "selectors/dom",
    "selectors/page-check.ts",
    "selectors/pages.ts",
    "selectors/submit",
  ],
  "selectors/carrier": [
    "robot/invoicing",
    "selectors/dom",
    "selectors/pages.ts",
    "selectors/portal/sign-in/captcha-picture.ts",
    "selectors/submit",
  ],
  "selectors/platform": [
    "robot/invoicing",
    "selectors/dom",
    "selectors/pages.ts",
    "selectors/portal",
    "selectors/submit",
  ],
  "robot/lib": ["robot/setup"],
  "robot/english": [],
  "robot/setup": [],
  // A workbook is a zip.
  "robot/invoicing": ["robot/lib/hash.ts", "robot/lib/zip.ts"],
  "robot/failures": ["robot/lib", "robot/setup"],
  "robot/store": ["robot/failures", "robot/lib"],
  "robot/secrets": ["robot/failures", "robot/lib", "robot/setup"],
  "robot/config": ["robot/failures", "robot/invoicing", "robot/lib"],
  "robot/recording": [
    "robot/engine/flow.ts",
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/setup",
    "robot/store",
  ],
  "robot/picks": ["robot/failures", "robot/lib", "selectors/dom/local", "selectors/page-check.ts"],
  "robot/log": ["robot/lib", "robot/recording"],
  "robot/browser": ["robot/failures", "robot/lib", "robot/setup", "selectors/dom"],
  "robot/engine": [
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/store",
    "selectors/pages.ts",
    "selectors/submit",
  ],
  "robot/login": [
    "robot/browser",
    "robot/config",
    "robot/engine",
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/recording",
    "robot/store",
    "selectors/dom",
    "selectors/pages.ts",
    "selectors/portal",
  ],
  "robot/mail": [
    "flows/ports.ts",
    "robot/config",
    "robot/engine",
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/recording",
    "robot/secrets",
    "robot/store",
  ],
  "robot/visits": [
    "robot/browser",
    "robot/config",
    "robot/engine",
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/log",
    "robot/login",
    "robot/picks",
    "robot/recording",
    "robot/secrets",
    "robot/store",
    "selectors",
  ],
  "robot/app": [
    "flows",
    "robot/browser",
    "robot/config",
    "robot/engine",
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/log",
    "robot/login",
    "robot/mail",
    "robot/picks",
    "robot/recording",
    "robot/secrets",
    "robot/store",
    "robot/visits",
    "selectors",
  ],
  "robot/console": [
    "robot/app",
    "robot/config",
    "robot/engine",
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/log",
    "robot/login",
    "robot/picks",
    "robot/recording",
    "robot/secrets",
    "robot/store",
    "selectors/page-check.ts",
  ],
  "robot/demo": [
    "robot/app",
    "robot/cli/terminal",
    "robot/config",
    "robot/engine",
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/recording",
    "robot/secrets",
    "robot/store",
  ],
  "robot/cli/terminal": [
    "robot/app",
    "robot/config",
    "robot/engine",
    "robot/english",
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/login",
    "robot/picks",
    "robot/recording",
    "robot/store",
  ],
  "robot/cli": [
    "flows",
    "robot/app",
    "robot/browser",
    "robot/cli/terminal",
    "robot/config",
    "robot/console",
    "robot/demo",
    "robot/engine",
    "robot/english",
    "robot/failures",
    "robot/invoicing",
    "robot/lib",
    "robot/log",
    "robot/login",
    "robot/mail",
    "robot/picks",
    "robot/recording",
    "robot/secrets",
    "robot/store",
  ],
  "robot/main.ts": ["robot/cli", "robot/lib"],
  "robot/start.mjs": ["robot/main.ts", "robot/setup"],
  "test/outsiders": [],
  "test/portal": [],
};

/** Files that only these may import: a button that changes the portal is pressed in one place. */
export const RESERVED: Readonly<Record<string, readonly string[]>> = {
  "selectors/submit/press-once.ts": ["robot/engine/effects/commit.ts"],
};

/** One file and one relative import of it, resolved against the root of the project. */
export type Import = { readonly from: string; readonly to: string };

/** The room of a file; undefined where the table has none, as for the tests themselves. */
export function roomOf(file: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** Whether the table allows the import. */
export function isAllowed({ from, to }: Import): boolean {
  const reserved = RESERVED[to];
  if (reserved !== undefined) return reserved.includes(from);
  const room = roomOf(from);
  if (room === undefined || roomOf(to) === room) return true;
  return (ROOMS[room] ?? []).some((one) => to === one || to.startsWith(`${one}/`));
}
