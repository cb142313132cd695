import { expect, test } from "vitest";
import { downloadTracks } from "../../../flows/download-tracks.ts";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { loadConfig } from "../../../robot/config/load.ts";
import type { Question } from "../../../robot/engine/flow.ts";
import { askPerson, readAnswer } from "../../../robot/engine/people/questions.ts";
import { enterRun } from "../../../robot/engine/runs/runs.ts";
import { openedStore } from "../../support/store/store-databases.ts";
import { command } from "../../support/kit/installation/command.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";
import { envelopeOf } from "../../support/kit/installation/robot-process.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";

const ODD = { zh: "明細最後一張發票是 2026-09-07", en: "the ledger ends on 2026-09-07" };
const AGREEMENT: Question = {
  text: "同意送出嗎？",
  choices: { agree: "同意", refuse: "不同意" },
  form: { answer: "agree", fields: [{ kind: "tick", id: "odd-1", label: ODD }] },
};
const WORD: Question = {
  text: "這個狀態算什麼？",
  choices: { teach: "照我填的", stop: "先不要做" },
  form: {
    answer: "teach",
    fields: [
      {
        kind: "choice",
        id: "已結案",
        label: { zh: "「已結案」", en: "已結案" },
        options: ["issued", "voided"].map((value) => ({ value, label: value })),
      },
    ],
  },
};

async function asked(question: Question) {
  const place = await workplace({ companies: [{ name: "甲", ubn: "12345675" }] });
  const store = await openedStore(await storeConfigOf(await loadConfig(place.configFile)));
  const input = downloadTracks.parse({ period: "11510", to: "11510" });
  const company = { name: "甲", ubn: "12345675" };
  const { run } = await enterRun(store, { flow: downloadTracks, company, input, startedBy: "test" });
  const { id } = await askPerson(store, run.id, "問題", question, { timeout: 86_400_000, answerers: [] });
  return {
    answer: (...words: string[]) => command(place, ["answer", id, ...words, "--json"]),
    given: () => readAnswer(store, id),
  };
}

test("an agreement with an odd place is taken only with that place confirmed", async () => {
  const { answer, given } = await asked(AGREEMENT);
  const bare = await answer("agree");
  expectExit(bare, 2);
  expect(envelopeOf(bare).failure?.message).toContain(ODD.zh);
  expect(await given()).toBeNull();
  expectExit(await answer("agree", "--odd", "all"), 0);
  expect(await given()).toMatchObject({ answer: "agree" });
});

test("a word that has to be taught is taken only with what it means", async () => {
  const { answer, given } = await asked(WORD);
  expectExit(await answer("teach"), 2);
  expectExit(await answer("teach", "--set", "已結案=nonsense"), 2);
  expect(await given()).toBeNull();
  expectExit(await answer("teach", "--set", "已結案=issued"), 0);
  expect(await given()).toMatchObject({ answer: "teach", values: { 已結案: "issued" } });
});
