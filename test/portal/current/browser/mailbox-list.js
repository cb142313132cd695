import { reactive } from "vue";
import { ask, toast } from "./parts/overlay.js";
import { pageView } from "./parts/page-view.js";
import { call } from "./session.js";
import { takeTabs } from "./parts/tabs.js";
import { component } from "./parts/template.js";

export const mailboxList = component("mailbox-list", {
  components: { takeTabs },
  setup() {
    const state = reactive({ addresses: [], askPassword: false, fresh: "" });
    const view = pageView("BTB004W", async () => {
      const answer = await call("/btb/api/btb004w/mails");
      if (answer !== null) Object.assign(state, answer);
    });

    const change = async (action, address) => {
      const password = state.askPassword
        ? await ask({ title: "驗證密碼", password: true, no: "取消", yes: "確認授權" })
        : undefined;
      if (password === false) return;
      const answer = await call(`/btb/api/btb004w/mails/${action}`, { json: { address, password } });
      if (answer === null) return;
      state.addresses = answer.addresses;
      if (action === "add") state.fresh = "";
      toast(answer.message);
    };

    const add = () => (state.fresh === "" ? toast("請輸入電子郵件信箱") : change("add", state.fresh));
    const remove = async (address) => {
      if (await ask({ text: `請確認是否刪除電子郵件信箱「${address}」？` })) await change("delete", address);
    };
    return { view, state, add, remove };
  },
});
