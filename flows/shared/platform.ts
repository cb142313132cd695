import type { SiteTarget, SetForCompany } from "../../robot/engine/flow.ts";

/** The company's value-added platform, signed in. */
export const PLATFORM: SiteTarget<"platform"> = { kind: "platform", to: null };

/** Where the company has its invoices issued, as it is said before the start. */
export function platformOf({ platform }: SetForCompany): readonly (readonly [string, string])[] {
  const where = platform ? `${new URL(platform.address).host}（${platform.user}）` : "設定檔裡沒有，不能執行";
  return [["加值平台", where]];
}
