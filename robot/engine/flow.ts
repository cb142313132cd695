/** All that a flow may know of the engine: how it is described, and the ports that it is given. */
export { Failure } from "../failures/failure.ts";
export type { Json } from "../lib/json.ts";
export type { FormValues, QuestionField, QuestionForm } from "./people/question-form.ts";
export * from "./flow/definition.ts";
export * from "./flow/inputs.ts";
export type * from "./flow/ports.ts";
export * from "./flow/effect-spec.ts";
export type * from "./flow/waits.ts";
export type * from "./flow/questions.ts";
export type * from "./flow/mailbox.ts";
export type * from "./flow/files.ts";
export type * from "./flow/ledger-teachings.ts";
export * from "./flow/own-ports.ts";
export type { WinnerMailRow } from "./effects/winner-mail-table.ts";
