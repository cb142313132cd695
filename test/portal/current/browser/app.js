import { createApp, markRaw, shallowRef, watchEffect } from "vue";
import { apply } from "./apply.js";
import { blankAdd } from "./blank-numbers/blank-add.js";
import { blankSearch } from "./blank-numbers/blank-search.js";
import { blankUpload } from "./blank-numbers/blank-upload.js";
import { blankUploads } from "./blank-numbers/blank-uploads.js";
import { home, elsewhere, announcement } from "./plain-pages.js";
import { filePage } from "./file-page.js";
import filePages from "file-pages";
import { frame } from "./frame.js";
import { landing } from "./sign-in/landing.js";
import { login } from "./sign-in/login.js";
import { mailboxList } from "./mailbox-list.js";
import { overlay } from "./parts/overlay.js";
import { password } from "./sign-in/password.js";
import { route, go, replace } from "./router.js";
import { search } from "./search.js";
import { session } from "./session.js";
import { winning } from "./winning.js";

const business = {
  "/dashboard/btb/btb013w": landing,
  "/dashboard/btb/btb004w/search": search,
  "/dashboard/btb/btb004w/apply": apply,
  "/dashboard/btb/btb004w/mail": mailboxList,
  "/dashboard/btb/blank/search": blankSearch,
  "/dashboard/btb/blank/add": blankAdd,
  "/dashboard/btb/blank/upload": blankUpload,
  "/dashboard/btb/blank/uploads": blankUploads,
  "/dashboard/btb/winning": winning,
  "/dashboard/act/password": password,
  ...Object.fromEntries(filePages.map((one) => [`/dashboard/btb/${one.id}`, filePage(one)])),
};

const pages = shallowRef({ bare: home, inside: null });

watchEffect(() => {
  const { path } = route;
  if (path.startsWith("/accounts/login")) pages.value = { bare: login, inside: null };
  else if (path === "/dashboard" || path === "/dashboard/") void arrive();
  else if (path.startsWith("/dashboard/")) {
    if (!session.token()) replace("/accounts/login");
    else pages.value = { bare: null, inside: business[path] ?? elsewhere };
  } else if (path.startsWith("/ptl006w/detail/")) pages.value = { bare: announcement, inside: null };
  else pages.value = { bare: home, inside: null };
});

/** The address that a sign-in leads to: the token is fetched and written here, some time after the address changed. */
async function arrive() {
  pages.value = { bare: null, inside: null };
  // An effect does not see what is changed while it runs itself.
  await Promise.resolve();
  const code = new URLSearchParams(location.search).get("code");
  if (code !== null && !(await session.redeem(code))) return;
  if (!session.token()) replace("/accounts/login");
  else replace("/dashboard/btb/btb013w");
}

createApp({
  components: { overlay: markRaw(overlay), frame: markRaw(frame) },
  setup: () => ({ pages, route, go }),
  template: `
    <component v-if="pages.bare" :is="pages.bare" :key="route.path.split('/')[1]" />
    <frame v-else-if="pages.inside" :key="'inside'"><component :is="pages.inside" :key="route.visit" /></frame>
    <div v-else class="loading" role="status">資料載入中…</div>
    <overlay />`,
}).mount("#app");
