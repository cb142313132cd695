import { type EffectSpec, Failure, type Proof, refusedAs } from "../../robot/engine/flow.ts";
import type { Portal } from "../../selectors/pages.ts";

/** 取號電子郵件信箱維護: the portal's list of addresses that it notifies. Who is on it may change at any time, by any hand. */

export type Addresses = { readonly addresses: readonly string[] };

/** Mailboxes are distinguished as people do: without regard to the case of letters. */
export function isListed(address: string, { addresses }: Addresses): boolean {
  return addresses.some((one) => one.toLowerCase() === address.toLowerCase());
}

export async function noticeAddresses(portal: Portal): Promise<Addresses> {
  return { addresses: await (await (await portal.tracks()).noticeList()).addresses() };
}

/** A list that shows nobody of those who are on it has not filled yet. */
function isFilled(list: Addresses, there: readonly string[]): boolean {
  return there.some((one) => isListed(one, list));
}

/** The list, once it shows one of those who are on it. @throws Failure `portal-slow` */
export async function filledList(portal: Portal, there: readonly string[]): Promise<Addresses> {
  const list = await noticeAddresses(portal);
  if (isFilled(list, there)) return list;
  throw new Failure("portal-slow", { wanted: `通知名單上的 ${there.join("、")}`, seen: list.addresses.join("、") });
}

/** The list is what it was but for what was asked; null where it is. Who is there besides may have come by another hand. */
function withoutOthersTouched(wanted: readonly string[], after: Addresses): Proof | null {
  const lost = wanted.filter((one) => !isListed(one, after));
  if (lost.length === 0) return null;
  const found = after.addresses.join("、") || "名單是空的";
  return { differs: [{ label: "名單上原有的地址", asked: `留著 ${lost.join("、")}`, found }] };
}

/** 新增: the address is on the list. */
export function listing(address: string): EffectSpec<Addresses> {
  return {
    id: "list-notice-address",
    keyParts: [address.toLowerCase()],
    wanted: { 電子郵件信箱: address },
    observe: noticeAddresses,
    decide: (before) => (isListed(address, before) ? { already: `通知名單上已有 ${address}` } : { go: true }),
    open: async (portal) => (await (await portal.tracks()).noticeList()).add(address),
    proof: (before, after) => {
      const wanted = [...before.addresses, address];
      return isListed(address, after) ? (withoutOthersTouched(wanted, after) ?? "as-asked") : "absent";
    },
    listed: "at-once",
    refusals: refusedAs("notice-list-refused"),
    mayRecur: true,
  };
}

/**
 * 刪除: the address, spelled as the list has it, is no longer on the list. A list that has not filled yet lacks it too: what does not show
 * anybody who stays is not the list, and proves nothing.
 * @param stays some who are on the list whatever is deleted
 */
export function unlisting(address: string, stays: readonly string[]): EffectSpec<Addresses> {
  return {
    id: "unlist-notice-address",
    keyParts: [address.toLowerCase()],
    wanted: { 電子郵件信箱: address },
    observe: noticeAddresses,
    decide: (before) => {
      if (isListed(address, before)) return { go: true };
      if (isFilled(before, stays)) return { already: `通知名單上沒有 ${address}` };
      const seen = before.addresses.join("、") || "名單是空的";
      return { refuse: "portal-slow", detail: { wanted: `通知名單上的 ${stays.join("、")}`, seen } };
    },
    open: async (portal) => (await (await portal.tracks()).noticeList()).remove(address),
    proof: (before, after) => {
      const wanted = before.addresses.filter((one) => !isListed(one, { addresses: [address] }));
      if (isListed(address, after) || !isFilled(after, stays)) return "absent";
      return withoutOthersTouched(wanted, after) ?? "as-asked";
    },
    listed: "at-once",
    refusals: refusedAs("notice-list-refused"),
    mayRecur: true,
  };
}
