import { defineConfig } from "./robot/config/schema.ts";

/**
 * 這個安裝要替哪些公司、對哪個平台做事。每一項都有說明：`robot/config/schema.ts`。
 * What this installation does. Every setting is explained in `robot/config/schema.ts`.
 */
export default defineConfig({
  portal: {
    // 正式平台。第一次送出資料前，機器人會要求加上 --live 表示同意。
    // The real portal. Before the first submit the robot asks for --live.
    address: "https://www.einvoice.nat.gov.tw",
  },
  companies: [
    // { name: "晨光小舖", ubn: "12345675", user: "robot01", books: 5, noticeAddress: "invoice@example.com" },
  ],
  // mailbox: { host: "imap.example.com", user: "invoice@example.com" },
});
