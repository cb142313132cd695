import { expect, test } from "vitest";
import { parseConfig } from "../../../robot/config/load.ts";
import { Failure } from "../../../robot/failures/failure.ts";

const PORTAL = { address: "http://127.0.0.1:9" };
const COMPANY = { name: "晨光小舖", ubn: "12345675", user: "robot01" };

/** What is said of a configuration that is not right. */
function complaintOf(written: unknown): string {
  try {
    parseConfig(written, "/x/robot.config.json");
    return "";
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.detail.seen ?? "";
  }
}

test("a setting under its former name is refused, and the message says what it is called now", () => {
  const old: [written: unknown, was: string, is: string][] = [
    [{ portal: { ...PORTAL, busy: "1m" } }, "busy", "accountBusyDelay"],
    [{ portal: { ...PORTAL, question: "3d" } }, "question", "questionTimeout"],
    [{ portal: { ...PORTAL, imported: {} } }, "imported", "importWait"],
    [{ portal: { ...PORTAL, importWait: { giveUp: "1h" } } }, "giveUp", "timeout"],
    [{ portal: { ...PORTAL, allocation: { giveUp: "1h" } } }, "giveUp", "timeout"],
    [{ portal: { ...PORTAL, reconcile: { giveUp: "1h" } } }, "giveUp", "timeout"],
    [{ portal: PORTAL, platform: { made: {} } }, "made", "fileGenerationWait"],
    [{ portal: PORTAL, companies: [{ ...COMPANY, answeredBy: ["王會計"] }] }, "answeredBy", "answerers"],
  ];
  for (const [written, was, is] of old) expect(complaintOf(written)).toContain(`${was} 現在叫 ${is}，請改名`);
});

test("under their names of now they are taken, and a name that none ever had is refused as before", () => {
  const portal = { ...PORTAL, accountBusyDelay: "1m", questionTimeout: "3d", importWait: { timeout: "1h" } };
  const companies = [{ ...COMPANY, answerers: ["王會計"] }];
  expect(complaintOf({ portal, companies, platform: { fileGenerationWait: { timeout: "1h" } } })).toBe("");
  const unknown = complaintOf({ portal: { ...PORTAL, buzy: "1m" } });
  expect(unknown).toContain("buzy");
  expect(unknown).not.toContain("現在叫");
});
