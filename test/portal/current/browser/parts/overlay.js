import { reactive } from "vue";
import { component } from "./template.js";

/** Everything that lies over a page: toasts, one dialog at a time, an announcement. */
export const overlayState = reactive({ toasts: [], dialog: null, announcement: null, password: "", toastMs: 8000 });

let nextToast = 0;

export function toast(text, supportId = randomHex()) {
  nextToast += 1;
  const id = nextToast;
  const time = new Date().toLocaleString("zh-TW", { hour12: false, timeZone: "Asia/Taipei" });
  overlayState.toasts.push({ id, text, supportId, time });
  setTimeout(() => dismiss(id), overlayState.toastMs);
}

function dismiss(id) {
  overlayState.toasts = overlayState.toasts.filter((toast) => toast.id !== id);
}

function randomHex() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Shows a dialog and answers true when its affirming button was pressed. `rows` are label and value pairs; with `password` the
 * dialog has a password field and answers what was typed instead.
 */
export function ask({ title = "系統訊息", text = "", rows = [], no = "否", yes = "是", password = false }) {
  overlayState.password = "";
  return new Promise((resolve) => {
    overlayState.dialog = {
      title,
      text,
      rows,
      no,
      yes,
      password,
      answer(pressedYes) {
        overlayState.dialog = null;
        resolve(password && pressedYes ? overlayState.password : pressedYes);
      },
    };
  });
}

export const overlay = component("overlay", {
  setup: () => ({ state: overlayState, dismiss }),
});
