import type { EffectSpec } from "../robot/engine/flow.ts";
import type { Portal } from "../selectors/pages.ts";

/** 取號電子郵件信箱維護: the portal's list of addresses that it notifies. Who is on it may change at any time, by any hand. */

export type Addresses = { readonly addresses: readonly string[] };

/** Mailboxes are told apart as people do: without regard to the case of letters. */
export function isListed(address: string, { addresses }: Addresses): boolean {
  return addresses.some((one) => one.toLowerCase() === address.toLowerCase());
}

export async function noticeAddresses(portal: Portal): Promise<Addresses> {
  return { addresses: await (await (await portal.tracks()).noticeList()).addresses() };
}

/** 新增: the address is on the list. */
export function listing(address: string): EffectSpec<Addresses> {
  return {
    coordinates: [address.toLowerCase()],
    wanted: { 電子郵件信箱: address },
    look: noticeAddresses,
    judge: (before) => (isListed(address, before) ? { already: `通知名單上已有 ${address}` } : { go: true }),
    fill: async (portal) => (await (await portal.tracks()).noticeList()).add(address),
    compare: (_before, after) => (isListed(address, after) ? "happened" : "absent"),
    refusals: { other: "notice-list-refused", already: "notice-list-refused" },
    mayRecur: true,
  };
}

/** 刪除: the address, spelled as the list has it, is no longer on the list. */
export function unlisting(address: string): EffectSpec<Addresses> {
  return {
    coordinates: [address.toLowerCase()],
    wanted: { 電子郵件信箱: address },
    look: noticeAddresses,
    judge: (before) => (isListed(address, before) ? { go: true } : { already: `通知名單上沒有 ${address}` }),
    fill: async (portal) => (await (await portal.tracks()).noticeList()).remove(address),
    compare: (_before, after) => (isListed(address, after) ? "absent" : "happened"),
    refusals: { other: "notice-list-refused", already: "notice-list-refused" },
    mayRecur: true,
  };
}
