import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { WinningListSettings } from "../../config/parts/winning-list.ts";
import type { SealedLists } from "../../../flows/ports.ts";
import type { SavedFile } from "../../engine/flow.ts";
import { Failure } from "../../failures/failure.ts";
import { openEncrypted } from "./decrypt.ts";

/** How this installation opens the portal's encrypted lists of winners: by the ministry's tool, or by a person who has it. */
export function sealedLists({ decrypt, opened }: WinningListSettings): SealedLists {
  const placeOf = ({ name }: SavedFile): string => join(opened, `${basename(name, extname(name))}.txt`);
  return {
    hasTool: decrypt !== undefined,
    async open(list) {
      if (decrypt === undefined) throw new Failure("decrypt-failed", { seen: "設定檔沒有 winningList.decrypt" });
      const text = await openEncrypted(decrypt, list.path);
      try {
        return await readFile(text.path);
      } finally {
        await text.close();
      }
    },
    placeOf,
    openedByHand: (list) =>
      readFile(placeOf(list)).catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
        throw error;
      }),
  };
}
