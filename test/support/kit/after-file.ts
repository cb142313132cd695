/** What the files of a worker share until the tests of one file are over: `every-file.ts` ends it then. */
const endings: (() => Promise<void>)[] = [];

/** Does this when the tests of the file that is running are over. */
export function afterFile(end: () => Promise<void>): void {
  endings.push(end);
}

/** Ends all that was begun, the newest first. */
export async function endFile(): Promise<void> {
  for (const end of endings.splice(0).toReversed()) await end();
}
