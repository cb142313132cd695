import { reactive } from "vue";

/** The address the application shows. `visit` counts, so that the same address can be opened afresh. */
export const route = reactive({ path: location.pathname, visit: 0 });

function settle() {
  route.path = location.pathname;
  route.visit += 1;
}

export function go(path) {
  history.pushState(null, "", path);
  settle();
}

export function replace(path) {
  history.replaceState(null, "", path);
  settle();
}

addEventListener("popstate", settle);
