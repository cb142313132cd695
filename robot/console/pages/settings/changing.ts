import { randomUUID } from "node:crypto";
import { type AddressChange, addressChanges } from "../../../config/address-changes.ts";
import { listOpenRuns } from "../../../engine/runs/runs.ts";
import type { Json } from "../../../lib/json.ts";
import { now } from "../../../store/store.ts";
import { addressOf } from "../../access/address.ts";
import { ROLE_NAMES } from "../../access/roles.ts";
import { type ActionResult, withAudit, fieldOf } from "../../http/respond.ts";
import type { Form } from "../../http/read-form.ts";
import type { SettingsChange, WrittenSettings } from "../../http/settings-store.ts";
import type { RequestContext, ConsoleContext } from "../../http/console-context.ts";
import { timeText } from "../../../recording/export/format.ts";
import { outdatedPage, ownWordPage } from "./again.ts";
import { OWN_WORD, type Trial, tryOwnWord } from "./own-word.ts";

/** What a form comes to. */
interface Made {
  readonly change: SettingsChange;
  /** What is written down of it; never a secret. */
  readonly about: Json;
}

/**
 * An action that changes settings: reads what is written, computes the change, has it checked and written. Where someone else has
 * saved meanwhile, and where the change sends passwords to another address, it is not written but asked about, with all that was typed.
 */
export function changing(
  name: string,
  world: ConsoleContext,
  to: string,
  change: (form: Form, written: WrittenSettings, c: RequestContext) => Promise<Made>,
): (c: RequestContext) => Promise<Response> {
  return withAudit(
    {
      name,
      role: "manage",
      async act(c, form): Promise<ActionResult> {
        const { change: wanted, about } = await change(form, await world.settings.read(), c);
        let moved: readonly AddressChange[] = [];
        let trial: Trial = "not-given";
        const before = world.config();
        const saved = await world.settings.save(wanted, fieldOf(form, "version"), async (next) => {
          moved = addressChanges(before, next);
          if (moved.length === 0) return true;
          trial = await tryOwnWord(c, world, fieldOf(form, OWN_WORD));
          if (trial !== "right") return false;
          await tellOthers(c, world, moved);
          return true;
        });
        switch (saved) {
          case "outdated":
            return { response: await outdatedPage(c, world, { form, to, about }), about, result: "settings-outdated" };
          case "not-agreed":
            return {
              response: await ownWordPage(c, world, { form, to, about, moved, trial }),
              about: { change: about, moved: moved.map(moveText) },
              result: trial === "not-given" ? "own-word-asked" : "own-word-refused",
            };
          case "saved": {
            const stopped = await stopRuns(world, moved);
            const response = c.redirect(`${to}?done=${moved.length === 0 ? "saved" : "moved"}`, 303);
            return {
              response,
              about: moved.length === 0 ? about : { change: about, moved: moved.map(moveText), stopped },
            };
          }
        }
      },
    },
    world,
  );
}

function moveText({ what, from, to }: AddressChange): string {
  return `${what}：${from} → ${to}`;
}

/** Written down before the settings are: a change of which nobody hears would be worse than word of one that failed. */
async function tellOthers(c: RequestContext, world: ConsoleContext, moved: readonly AddressChange[]): Promise<void> {
  if (world.config().mail === undefined) return;
  const { person, role } = c.get("session");
  const by = `${timeText(now())} 由 ${person}（${ROLE_NAMES[role]}，從 ${addressOf(c)}）`;
  const line = `${by}改了密碼送去的網址。${moved.map(moveText).join("；")}。舊網址的密碼不會送到新網址；到那裡去的執行已停止。不是您們要改的，請立刻改回，並在 設定 › 登入中 結束這個人的登入。`;
  await world.store
    .insertInto("news")
    .values({
      key: `settings ${randomUUID()}`,
      kind: "settings",
      line,
      run_id: null,
      question_id: null,
      noted_at: now(),
      settled_at: null,
    })
    .execute();
}

/** Runs that were begun for the old address end at their next step. @returns how many */
async function stopRuns(world: ConsoleContext, moved: readonly AddressChange[]): Promise<number> {
  const whose = moved.flatMap(({ runsOf }) => (runsOf === "none" ? [] : [runsOf]));
  if (whose.length === 0) return 0;
  const open = await listOpenRuns(world.store);
  const stopped = open.filter(({ ubn }) => whose.some((one) => one === "all" || one.ubn === ubn));
  for (const { id } of stopped) await world.robot.cancel(id);
  return stopped.length;
}
