import { onMounted, reactive } from "vue";
import { overlayState, toast } from "./overlay.js";
import { replace } from "./router.js";
import { call } from "./session.js";

/** What the page that is open was told about itself; the frame looks at it as well. */
export const view = reactive({ ready: false, code: "", menuCoversTable: false, twoClicks: null, tickUndone: null });

let visits = 0;

/**
 * Announces that a page was opened and lets it fill itself when its time has come.
 *
 * @param {string} code
 * @param {() => Promise<void>} opened runs when the page fills itself
 */
export function pageView(code, opened = async () => {}) {
  visits += 1;
  const visit = visits;
  Object.assign(view, { ready: false, code, menuCoversTable: false, twoClicks: null, tickUndone: null });
  onMounted(async () => {
    const told = await call("/ptl/api/page", { json: { code, path: location.pathname }, quiet: true });
    if (told === null) return;
    if (told.mustChangePassword && code !== "ACT101W") {
      replace("/dashboard/act/password");
      return;
    }
    overlayState.toastMs = told.toastMs;
    await new Promise((resolve) => setTimeout(resolve, told.renderMs));
    if (visit !== visits) return;
    Object.assign(view, { ...told, ready: true });
    if (told.announcement !== null) overlayState.announcement = told.announcement;
    if (told.warning !== null) toast(told.warning);
    await opened();
  });
  return view;
}

/** True when this click is one the page swallows: the first one, where two are needed. */
export function swallows(what) {
  if (view.twoClicks !== what && view.twoClicks !== "both") return false;
  view.twoClicks = view.twoClicks === "both" ? (what === "menu" ? "query" : "menu") : null;
  return true;
}
