import { pageView } from "../parts/page-view.js";
import { go } from "../router.js";
import { component } from "../parts/template.js";

export const landing = component("landing", { setup: () => ({ view: pageView("BTB013W"), go }) });
