import { z } from "zod";
import { defineFlow, Failure, type FlowResult } from "../robot/engine/flow.ts";
import { type Addresses, filledList, isListed, listing, noticeAddresses, unlisting } from "./shared/notice-list.ts";

/**
 * 取號Email維護: the portal's list of addresses for notices is what the configuration says. Additions come first, so that the list is
 * never empty in between: without an address on it the portal refuses 取號.
 *
 * By hand: open 取號電子郵件信箱維護, type and add who is missing, delete who shall no longer be there.
 */
export const keepNoticeList = defineFlow({
  name: "keep-notice-list",
  title: { zh: "取號Email維護", en: "keep the list for notices" },
  about: {
    zh: "讓平台的取號通知名單和設定一致。",
    en: "makes the portal's list for notices what the configuration says",
  },
  version: 3,
  input: z.strictObject({}),
  does: ["看平台上的通知名單", "新增缺少的；設定寫了 noticeList 時才刪除多的"],
  needs: ["notice-list"],
  final: {
    zh: "刪除的地址不會再收到平台的通知。",
    en: "Addresses that are deleted get no more notices from the portal.",
  },
  acts: ["list-notice-address", "unlist-notice-address"],
  settled: ({ noticeAddress, noticeList }) => [
    ["設定裡的地址", [...(noticeAddress ? [noticeAddress] : []), ...(noticeList ?? [])].join("、") || "（沒有）"],
    ["平台上多的", noticeList ? "刪除" : "留著"],
  ],
  async run({ company, step, visit, effect, record, timing }): Promise<FlowResult> {
    const { addresses: wanted, whole } = company.notified;
    if (wanted.length === 0) {
      throw new Failure("config-invalid", {
        wanted: `${company.name}的 noticeAddress 或 noticeList`,
        seen: "設定檔裡沒有任何地址；名單清空了就不能取號，所以沒有動它",
      });
    }
    const before = await step("notice-list", "看平台上的通知名單", () =>
      visit(async (portal) => {
        const listed = await noticeAddresses(portal);
        await record("平台上的通知名單", { data: listed, picture: true });
        return listed;
      }),
    );
    const missing = wanted.filter(
      (address, at) => !isListed(address, { addresses: [...before.addresses, ...wanted.slice(0, at)] }),
    );
    const others = ({ addresses }: Addresses): string[] =>
      addresses.filter((address) => !isListed(address, { addresses: wanted }));
    await record("和設定的差異", { data: { add: missing, others: others(before), delete: whole } });
    for (const address of missing) await effect(`新增通知信箱 ${address}`, listing(address));
    // A list without anybody who is wanted may not have filled yet; now it shows them, or it is not the list.
    const extra = others(
      missing.length < wanted.length
        ? before
        : await step(
            "notice-list-again",
            "再看平台上的通知名單",
            () => visit((portal) => filledList(portal, wanted)),
            timing.retry,
          ),
    );
    const removed = whole ? extra : [];
    for (const address of removed) await effect(`刪除通知信箱 ${address}`, unlisting(address, wanted));
    const unchanged = missing.length + removed.length === 0;
    return {
      outcome: unchanged ? "already-done" : "done",
      notes: [
        ...missing.map((address) => `新增 ${address}`),
        ...removed.map((address) => `刪除 ${address}`),
        ...(unchanged ? [`名單和設定相同：${before.addresses.join("、")}`] : []),
        ...(whole || extra.length === 0 ? [] : [`名單上另有 ${extra.join("、")}；設定沒有寫 noticeList，所以留著`]),
      ],
    };
  },
});
