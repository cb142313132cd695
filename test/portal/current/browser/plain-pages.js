import { pageView } from "./parts/page-view.js";
import { go, route } from "./router.js";
import { component } from "./parts/template.js";

export const home = component("home", { setup: () => ({ view: pageView("PTL001W"), go }) });

export const announcement = component("announcement", {
  setup: () => ({ view: pageView("PTL006W"), number: route.path.split("/").at(-1), go }),
});

/** Menu entries whose pages the practice does not have. */
export const elsewhere = component("elsewhere", { setup: () => ({ view: pageView("NONE") }) });
