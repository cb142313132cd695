import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { AnyFlow } from "../../../robot/engine/flow.ts";
import { countReminders } from "../../fixtures/flows/count-reminders.ts";
import { runCommandLine } from "../../../robot/cli/program.ts";
import { flowTable } from "../../support/docs/reference.ts";
import { FLOWS } from "../../../flows/index.ts";
import { type ConsoleOffice, openOffice, type Visitor } from "../../support/kit/console/console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";

// What whoever adds a flow writes into `flows/index.ts`, and nothing else.
vi.mock("../../../flows/index.ts", async (original) => {
  const { FLOWS: flows } = await original<{ FLOWS: readonly AnyFlow[] }>();
  return { FLOWS: [...flows, countReminders] };
});

/** One command in this process: how it ends, and what it prints. */
async function command(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true)),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => ((err += String(text)), true)),
  ];
  try {
    return { exit: await runCommandLine(argv), out, err };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe("a flow is one file and a line in the list of flows", () => {
  let office: ConsoleOffice;
  let manager: Visitor;
  beforeAll(async () => {
    office = await openOffice(officeCompanies(2));
    manager = await office.visitor("manage");
  });
  afterAll(() => office.close());

  it("has a command with its own options, their words and defaults", async () => {
    const { exit, out } = await command("run", "count-reminders", "--help");
    expect(exit).toBe(0);
    for (const option of ["--company", "--period <period>", "--word <text>", "--list-subjects", "--attended"])
      expect(out).toContain(option);
    expect(out).toContain("主旨裡的字：不填就是全部 (word in the subject: default: all)");
    expect(out).not.toMatch(/--(books|category|file|invoices)/);
    expect((await command("run", "--help")).out).toContain("數提醒信 (count reminders)");
  });

  it("refuses an option that it does not have, and says which it has", async () => {
    const { exit, out } = await command("run", "count-reminders", "--company", "甲", "--books", "3", "--json");
    expect(exit).toBe(2);
    const { command: name, failure } = JSON.parse(out);
    expect([name, failure.code]).toEqual(["run", "wrong-use"]);
    expect(failure.message).toContain("--books");
    expect(failure.message).toContain(
      "--company --period --word --list-subjects --attended --live --headed --slow --detach",
    );
  });

  it("runs, and tells what it found in its own words and as its own data", async () => {
    const ubn = office.config.companies[0]?.ubn ?? "";
    const of = ["count-reminders", "--company", ubn, "--period", "11510", "--config", office.configFile];
    const { exit, out } = await command("run", ...of);
    expect(out).toContain("提醒信 0 封");
    expect(exit).toBe(0);
    const { data } = JSON.parse((await command("run", ...of, "--json")).out);
    expect(data).toMatchObject({ outcome: "done", reminders: 0, tracks: [] });
  });

  it("has its form in the console, made of the same fields", async () => {
    const { text } = await manager.get("/start?flow=count-reminders");
    for (const part of ["數提醒信", "數信箱裡還有幾封提醒信。", 'name="period"', 'name="word"', "列出主旨"])
      expect(text).toContain(part);
    expect(text).not.toContain('name="books"');
  });

  it("is a choice of the schedule, where it needs nobody", async () => {
    const { text } = await manager.get("/settings/schedules");
    expect(text).toContain('<option value="count-reminders">數提醒信</option>');
    expect(text).not.toContain('<option value="bind-carrier">');
  });

  it("has its column in the overview and in `status`", async () => {
    expect((await manager.get("/")).text).toContain('<th scope="col">提醒信</th>');
    const { out } = await command("status", "--period", "11510", "--json", "--config", office.configFile);
    expect(JSON.parse(out).data.duties).toContainEqual({
      chore: "reminders",
      title: "提醒信",
      flow: "count-reminders",
      about: "11510",
      from: "2026-11-01",
      by: "2026-11-20",
      movesOnHoliday: false,
    });
  });

  it("has its row in the docs' table of flows", () => {
    expect(flowTable(FLOWS)).toContain("| `count-reminders` | 數提醒信 |");
  });
});
