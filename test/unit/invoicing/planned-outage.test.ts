import { describe, expect, test } from "vitest";
import { plannedOutageEnd } from "../../../robot/invoicing/deadlines/planned-outage.ts";

const NOW = new Date("2026-12-18T12:00:00Z");

describe("until when an announced outage lasts", () => {
  test.for([
    ["本平台訂於115年12月18日18時至12月20日10時進行系統升級，暫停服務。", "2026-12-20 10:00"],
    ["系統升級維護：2025/12/19 18:00 ~ 2025/12/20 12:00", "2025-12-20 12:00"],
    ["114年12月19日(五)下午6時至114年12月20日(六)中午12時", "2025-12-20 12:00"],
    ["12月18日下午6:00至20日上午10:30暫停服務", "2026-12-20 10:30"],
    ["本平台將於12月20日 02:00 至 12月20日 下午1:00 暫停服務", "2026-12-20 13:00"],
  ] as const)("%s", ([words, end]) => {
    expect(plannedOutageEnd(words, NOW)).toBe(end);
  });

  test.for(["系統升級維護中，暫停服務", "客服專線：0800-521-988（24小時服務）", "本平台於12月18日 18:00 暫停服務"])(
    "is not known of: %s",
    (words) => {
      expect(plannedOutageEnd(words, NOW)).toBeNull();
    },
  );
});
