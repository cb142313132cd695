import { openDurable } from "../../../robot/engine/workflow/durable.ts";
import { takeLease } from "../../../robot/store/lease.ts";
import { openStore, type StoreConfig } from "../../../robot/store/store.ts";

/**
 * A process of its own on a store, for tests of several at once.
 *
 *   node store-child.ts open <store>           opens the store and the engine, makes their tables, closes them
 *   node store-child.ts lease <store> <name>   takes a lease, says so on standard output, and waits to be killed
 */
const [job, place = "", name = ""] = process.argv.slice(2);
const config: StoreConfig = JSON.parse(place);
const store = await openStore(config);
if (job === "open") {
  const durable = openDurable(config, store, () => Promise.resolve());
  await durable.enqueue("nobody");
  await store.destroy();
} else {
  await takeLease(store, name, `child ${process.pid}`);
  process.stdout.write("taken\n");
  setInterval(() => undefined, 1_000);
}
