import type { Door } from "../../robot/engine/flow.ts";

/** The company's value-added platform, signed in. */
export const PLATFORM: Door<"platform"> = { kind: "platform", to: null };
