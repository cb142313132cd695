import { expect, test } from "vitest";
import { parseConfig } from "../../../robot/config/load.ts";
import { withCurrentNames } from "../../../robot/config/renamed.ts";
import { Failure } from "../../../robot/failures/failure.ts";

const PORTAL = { address: "http://127.0.0.1:9" };
const COMPANY = { name: "晨光小舖", ubn: "12345675", user: "robot01" };
const FILE = "/x/robot.config.json";

/** What is said of a configuration that is not right. */
function complaintOf(written: unknown): string {
  try {
    parseConfig(written, FILE);
    return "";
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.detail.seen ?? "";
  }
}

const FORMER = {
  portal: {
    ...PORTAL,
    busy: "2m",
    question: "4d",
    imported: { every: "2h", giveUp: "13h" },
    allocation: { giveUp: "20h" },
    reconcile: { giveUp: "5h" },
  },
  platform: { made: { giveUp: "2h" } },
  companies: [{ ...COMPANY, answeredBy: ["王會計"] }],
};
const CURRENT = {
  portal: {
    ...PORTAL,
    accountBusyDelay: "2m",
    questionTimeout: "4d",
    importWait: { every: "2h", timeout: "13h" },
    allocation: { timeout: "20h" },
    reconcile: { timeout: "5h" },
  },
  platform: { fileGenerationWait: { timeout: "2h" } },
  companies: [{ ...COMPANY, answerers: ["王會計"] }],
};

test("settings under former names mean what they meant, and are named", () => {
  expect(parseConfig(FORMER, FILE)).toEqual(parseConfig(CURRENT, FILE));
  expect(withCurrentNames(FORMER).former.map(({ place, now }) => `${place} → ${now}`)).toEqual([
    "portal.busy → accountBusyDelay",
    "portal.question → questionTimeout",
    "portal.imported → importWait",
    "portal.importWait.giveUp → timeout",
    "portal.allocation.giveUp → timeout",
    "portal.reconcile.giveUp → timeout",
    "platform.made → fileGenerationWait",
    "platform.fileGenerationWait.giveUp → timeout",
    "companies[].answeredBy → answerers",
  ]);
  expect(withCurrentNames(CURRENT)).toEqual({ config: CURRENT, former: [] });
});

test("a setting under both of its names is refused, like a name that none ever had", () => {
  expect(complaintOf({ portal: { ...PORTAL, busy: "1m", accountBusyDelay: "1m" } })).toContain("busy");
  expect(complaintOf({ portal: { ...PORTAL, buzy: "1m" } })).toContain("buzy");
});
