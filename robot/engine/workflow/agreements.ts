import { Failure } from "../../failures/failure.ts";
import { type ApprovalMode, type ApprovalRequest, approvalQuestion, noteAnswer } from "../effects/approval.ts";
import { jointQuestion, jointRequests, mustAskForAny, noteJointAnswer } from "../effects/joint-agreement.ts";
import type { JointAgreement, Json, Question } from "../flow.ts";
import type { GivenAnswer } from "../people/questions.ts";
import { type Named, partOf } from "./checkpoint-names.ts";
import type { ExecutionContext } from "./execution-context.ts";
import { PORTAL } from "./visits.ts";

/** What an agreement uses of its run. */
export interface AskingExecution {
  readonly context: Pick<ExecutionContext, "store" | "run" | "company" | "recorder" | "approvalMode" | "addressOf">;
  step<T extends Json>(at: Named, work: () => Promise<T>): Promise<T>;
  person(at: Named, question: Question): Promise<GivenAnswer & { readonly id: string }>;
}

/** Asks for a person's agreement and writes it down. @throws Failure `person-needed` where there is none, `question-expired` */
export async function askForApproval(
  label: Named,
  name: string,
  request: ApprovalRequest,
  execution: AskingExecution,
): Promise<void> {
  const { store, run, company, recorder } = execution.context;
  const given = await execution.person(label, approvalQuestion(name, request));
  await execution.step(partOf(label, "note", "記下"), async () => {
    const { digest, effect, address, fields, others, file, odd } = request;
    const what = { digest, effect, address, fields, others, file, odd: odd.map(({ zh }) => zh) };
    const { answer, by, at } = given;
    await recorder.event("effect.approval", { effect: name, answer, by, at, what });
    await noteAnswer(store, { id: given.id, runId: run.id, ubn: company.ubn, name }, request, given);
    return null;
  });
}

/** Asks once for several acts, and writes the agreement to each down. @throws Failure `cancelled` where there is none, `question-expired` */
export async function agreeTo(act: Named, agreement: JointAgreement, execution: AskingExecution): Promise<void> {
  const { title: name } = act;
  const { store, run, company, recorder } = execution.context;
  // Nobody is asked to agree to what is not sent.
  if (run.rehearsal) return;
  const modeOf = (effect: string): ApprovalMode => execution.context.approvalMode(effect);
  const { acts, always } = agreement;
  const where = { address: execution.context.addressOf(PORTAL), ubn: company.ubn };
  const mustAsk = await execution.step(
    partOf(act, "must-ask", "要不要問"),
    async () => always || (await mustAskForAny(acts, { ...where, modeOf, store })),
  );
  if (!mustAsk) return;
  const requests = jointRequests(acts, where);
  const given = await execution.person(act, jointQuestion(agreement, requests));
  const isAgreed = await execution.step(partOf(act, "note", "記下"), async () => {
    const { answer, by, at } = given;
    const what = requests.map(({ digest, effect, address, fields, file }) => ({
      digest,
      effect,
      address,
      fields: { ...fields },
      file,
    }));
    await recorder.event("effect.approval", { effect: name, answer, by, at, what });
    return noteJointAnswer(store, { id: given.id, runId: run.id, ubn: company.ubn, name }, requests, given);
  });
  if (!isAgreed) throw new Failure("cancelled", { seen: "沒有得到同意，什麼都沒有改" });
}
