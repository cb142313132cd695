import { component } from "./template.js";

/** Under a list: `found` is what its query answered, `turn` asks for another page. */
export const pager = component("pager", {
  props: { found: { type: Object, required: true } },
  emits: ["turn"],
  setup: ({ found }) => ({ pages: () => Math.max(1, Math.ceil(found.total / found.rowsPerPage)) }),
});
