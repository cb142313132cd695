import type { Approve } from "../config/parts/approve.ts";
import type { CompanyConfig, Config } from "../config/schema.ts";
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
