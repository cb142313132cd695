import { onMounted, reactive } from "vue";
import { overlayState, toast } from "./overlay.js";
import { replace } from "../router.js";
import { call, session } from "../session.js";

const unknown = {
  ready: false,
  code: "",
  lateFigure: null,
  listInInputs: false,
  menuCoversTable: false,
  swallowsMenuClick: false,
  swallowsQueryClick: false,
  tickUndone: null,
};

/** What the page that is open was told about itself; the frame looks at it as well. */
export const view = reactive({ ...unknown });

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
  Object.assign(view, unknown, { code });
  onMounted(async () => {
    const told = await call("/ptl/api/page", { json: { code, path: location.pathname } });
    if (told === null) return;
    if (!told.signedIn && location.pathname.startsWith("/dashboard/")) {
      toast("Session has expired, please try again.");
      session.lose();
      return;
    }
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

/**
 * True when the page swallows this click: the first one, where two are needed.
 *
 * @param {"swallowsMenuClick" | "swallowsQueryClick"} which
 */
export function swallows(which) {
  const swallowed = view[which];
  view[which] = false;
  return swallowed;
}
