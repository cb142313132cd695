import type { AnyFlow, FlowField } from "../../engine/flow.ts";

/** The fields of a flow that a person at a browser can fill in. */
export function fieldsInConsole({ fields }: Pick<AnyFlow, "fields">): readonly FlowField[] {
  return fields.filter(({ onlyAtTerminal }) => onlyAtTerminal !== true);
}
