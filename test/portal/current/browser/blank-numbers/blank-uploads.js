import { reactive } from "vue";
import { download } from "../parts/download.js";
import { pageView } from "../parts/page-view.js";
import { pager } from "../parts/pager.js";
import { go } from "../router.js";
import { call } from "../session.js";
import { blankTabs } from "../parts/tabs.js";
import { component } from "../parts/template.js";

/** 上傳列表: what became of the uploads. */
export const blankUploads = component("blank-uploads", {
  components: { blankTabs, pager },
  setup() {
    const found = reactive({ rows: null, total: 0, rowsPerPage: 15, page: 1 });
    const show = async (page) => {
      const answer = await call("/btb/api/blank/uploads", { json: { page } });
      if (answer !== null) Object.assign(found, answer, { page });
    };
    const view = pageView("BLANK", () => show(1));
    const details = ({ name }) => download(`/btb/api/blank/details/${name}`);
    return { view, found, show, details, go };
  },
});
