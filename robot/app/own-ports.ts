import { CORRECTION_RIGHTS, LONG_WAITS, PAGE_STATES, PICKS, SEALED_LISTS, WINNER_MAILER } from "../../flows/ports.ts";
import { portalOrigin } from "../config/portal-origin.ts";
import type { Config } from "../config/schema.ts";
import { notePages } from "../engine/runs/page-states.ts";
import type { ProvidedPort, WaitTiming } from "../engine/flow.ts";
import { transportWith } from "../mail/out/transport.ts";
import { type WinnerMailContext, winnerMailer } from "../mail/out/winner-mails.ts";
import { NOT_KNOWN } from "../picks/not-known.ts";
import { settlePicks } from "../picks/picks.ts";
import type { Redactor } from "../recording/redaction/redactor.ts";
import type { SecretStore } from "../secrets/store.ts";
import { sealedLists } from "./decryption/sealed-lists.ts";

/** What this installation fills the ports of single jobs with, for one run. */
export function ownPorts(
  about: Omit<WinnerMailContext, "settings" | "transport"> & {
    readonly config: Config;
    readonly secrets: SecretStore;
    readonly redactor: Redactor;
    /** Wakes the runs that wait for a page. */
    readonly pagesNoted: () => Promise<void>;
  },
): readonly ProvidedPort[] {
  const { config, secrets, redactor, store, run, pagesNoted } = about;
  const { portal, platform, winningList, mail, blankNumbers } = config;
  return [
    PICKS.provide({
      notKnown: async (page) => void (await about.record(NOT_KNOWN, page)),
      settle: (looks) => settlePicks(portal.parts, looks, new Date()),
    }),
    WINNER_MAILER.provide(
      winnerMailer({
        ...about,
        settings: winningList.notify,
        transport: mail ? transportWith(mail, secrets, redactor) : null,
      }),
    ),
    SEALED_LISTS.provide(sealedLists(winningList)),
    CORRECTION_RIGHTS.provide({ withoutAsking: blankNumbers.correctWithoutAsking }),
    PAGE_STATES.provide({
      async note(pages) {
        await notePages(store, { address: portalOrigin(config), runId: run.id }, pages);
        await pagesNoted();
      },
    }),
    LONG_WAITS.provide({
      allocation: portal.allocation,
      importWait: importTiming(portal.importWait),
      fileGenerationWait: listTiming(platform.fileGenerationWait),
    }),
  ];
}

/** Of an import no mail tells: only the portal's list does. */
function importTiming({ every, justAfter, timeout }: Config["portal"]["importWait"]): WaitTiming {
  const look = { first: every, every, ...(justAfter === null ? {} : { justAfter }) };
  return { source: "list", mail: look, list: look, timeout };
}

/** What only a list tells, at any time. */
function listTiming({ first, every, timeout }: Config["platform"]["fileGenerationWait"]): WaitTiming {
  return { source: "list", mail: { first, every }, list: { first, every }, timeout };
}
