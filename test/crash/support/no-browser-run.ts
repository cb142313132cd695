import { z } from "zod";
import type { StoreConfig } from "../../../robot/store/store.ts";
import { startBench } from "../../support/store/store-bench.ts";
import { planSchema } from "./generation.ts";
import { runToItsEnd, passThrough } from "./process.ts";

/**
 * One process of the engine for a kill test, ordered by one JSON argument: does the bench's small flow until it has ended or asks a
 * person, or kills itself at the first of the named places that it reaches. Prints JSON lines: each place, and its end.
 */
const order = planSchema
  .extend({
    store: z.custom<StoreConfig>((value) => typeof value === "object"),
    folder: z.string(),
    /** Whether a person has to agree to each stamp. */
    approve: z.boolean().default(false),
  })
  .parse(JSON.parse(process.argv[2] ?? ""));

const bench = await startBench(order.store, (place) => passThrough(place, order), {
  kept: order.folder,
  approve: { mode: order.approve ? "always" : "odd" },
});
await runToItsEnd(bench.robot, bench.store, await bench.submit(), order);
await bench.close();
