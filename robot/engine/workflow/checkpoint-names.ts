/** A checkpoint: its id for ever, and what people read. */
export interface Named {
  readonly id: string;
  readonly title: string;
}

export const REFOUND: Named = { id: "reconcile", title: "查證" };
export const FILLED_AGAIN: Named = { id: "refill", title: "同意後再填" };

/** A part of a step, such as its wait. */
export function partOf(at: Named, id: string, title: string): Named {
  return { id: `${at.id}/${id}`, title: `${at.title}：${title}` };
}

/** An act by its id and key parts: no sentence is part of a checkpoint. */
export function actOf(
  title: string,
  { id, keyParts }: { readonly id: string; readonly keyParts: readonly string[] },
): Named {
  return { id: [id, ...keyParts].join("|"), title };
}
