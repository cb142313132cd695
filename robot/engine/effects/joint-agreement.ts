import type { Store } from "../../store/store.ts";
import type { AgreedAct, JointAgreement, Question } from "../flow.ts";
import type { GivenAnswer } from "../people/questions.ts";
import { AGREE, agreementOn, approvalDigest, type ApprovalMode, type ApprovalRequest, noteAnswer } from "./approval.ts";
import { sha256 } from "../../lib/hash.ts";

/** The answer that agrees to several acts. */
const AGREE_TO_ALL = "yes";

/** Whether a person has to agree to one of the acts, and has not yet. */
export async function mustAskForAny(
  acts: readonly AgreedAct[],
  {
    address,
    ubn,
    modeOf,
    store,
  }: {
    readonly address: string;
    readonly ubn: string;
    readonly modeOf: (effect: string) => ApprovalMode;
    readonly store: Store;
  },
): Promise<boolean> {
  for (const act of acts) {
    const about = { mode: modeOf(act.id), address, ubn, fields: act.wanted, form: null, picture: null };
    if ("request" in (await agreementOn(about, act, store))) return true;
  }
  return false;
}

/** What a person agrees to with one answer: a request for each act. */
export function jointRequests(
  acts: readonly AgreedAct[],
  { address, ubn }: { readonly address: string; readonly ubn: string },
): ApprovalRequest[] {
  return acts.map(({ id: effect, keyParts: coordinates, wanted: fields, approval = {} }) => {
    const { odd = [], shown = [], file = null } = approval;
    const digest = approvalDigest({ address, effect, ubn, coordinates, fields, file, odd });
    return { digest, effect, address, fields, others: [], file, odd, shown, picture: null };
  });
}

/** What a person is asked who agrees to several acts at once. */
export function jointQuestion({ text, shown }: JointAgreement, requests: readonly ApprovalRequest[]): Question {
  const digest = sha256(requests.map((one) => one.digest).join("\n"));
  const odd = requests.flatMap((one) => one.odd);
  const address = requests.at(0)?.address ?? null;
  return {
    topic: "approval",
    text,
    choices: { [AGREE_TO_ALL]: "同意，照做", no: "不同意，什麼都不做" },
    form: {
      answer: AGREE_TO_ALL,
      fields: odd.map((label, index) => ({ kind: "tick", id: `odd-${index + 1}`, label })),
    },
    context: {
      approval: {
        effect: requests.map(({ effect }) => effect).join("+"),
        address,
        digest,
        fields: {},
        file: null,
        odd,
        shown,
      },
    },
  };
}

/**
 * Writes the agreement to each act down; repeatable. Each is good once, for its own digest.
 * @returns whether the person agreed
 */
export async function noteJointAnswer(
  store: Store,
  about: { readonly id: string; readonly runId: string; readonly ubn: string; readonly name: string },
  requests: readonly ApprovalRequest[],
  given: GivenAnswer,
): Promise<boolean> {
  if (given.answer !== AGREE_TO_ALL) return false;
  for (const [index, request] of requests.entries()) {
    await noteAnswer(store, { ...about, id: `${about.id}-${index + 1}` }, request, { ...given, answer: AGREE });
  }
  return true;
}
