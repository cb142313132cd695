import type { Approve } from "../config/parts/approve.ts";
import type { CompanyConfig, Config } from "../config/schema.ts";
import { type AnyFlow, Failure } from "../engine/flow.ts";
import type { ApprovalMode } from "../engine/effects/approval.ts";
import { isOnThisMachine } from "./live-consent.ts";

/**
 * When a person has to agree to such an act of the company: what the company's own `approve` says, else the installation's, else
 * `odd` where every portal is on this machine and `first` where one is not.
 */
export function approvalModeOf(config: Config, company: CompanyConfig, effect: string): ApprovalMode {
  return (
    saidOf(effect, company.approve) ?? saidOf(effect, config.approve) ?? (isOnThisMachine(config) ? "odd" : "first")
  );
}

function saidOf(effect: string, approve: Approve | undefined): ApprovalMode | undefined {
  if (approve === undefined || typeof approve === "string") return approve;
  const modes: ReadonlyMap<string, ApprovalMode> = new Map(Object.entries(approve.effects));
  return modes.get(effect) ?? approve.default;
}

/** Every act that is named in the configuration is one of a flow. @throws Failure `config-invalid` */
export function assertKnownActs({ approve, companies }: Config, flows: readonly AnyFlow[]): void {
  const known = new Set(flows.flatMap(({ acts }) => acts));
  for (const said of [approve, ...companies.map((company) => company.approve)]) {
    if (said === undefined || typeof said === "string") continue;
    const unknown = Object.keys(said.effects).find((act) => !known.has(act));
    if (unknown === undefined) continue;
    const seen = [...known].join("、");
    throw new Failure("config-invalid", {
      wanted: `approve.effects 的「${unknown}」`,
      seen: `有的是：${seen}`,
      en: { wanted: `approve.effects "${unknown}"`, seen: `there are: ${seen}` },
    });
  }
}
