import { nextTick, reactive } from "vue";

/**
 * The ticked rows of a list, by id. Where the page was told to, it undoes a tick: a synthetic one always, or the first real one.
 *
 * @param {{ tickUndone: "synthetic" | "real" | null }} view
 */
export function ticks(view) {
  const ticked = reactive(new Set());
  const tick = async (row, event) => {
    const { checked } = event.target;
    if (checked) ticked.add(row.id);
    else ticked.delete(row.id);
    const undone = view.tickUndone === "real" || (view.tickUndone === "synthetic" && !event.isTrusted);
    if (!undone) return;
    if (event.isTrusted) view.tickUndone = "synthetic";
    await nextTick();
    ticked.delete(row.id);
    event.target.checked = false;
  };
  return { ticked, tick };
}
