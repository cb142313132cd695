import { checkPages } from "../../../flows/check-pages.ts";
import { loadConfig } from "../../config/load.ts";
import { Failure } from "../../failures/failure.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { runFlow } from "./run/run-flow.ts";

export interface CheckOptions {
  readonly company?: string;
  readonly attended: boolean;
  readonly headed: boolean;
  readonly page?: string;
  readonly config?: string;
}

/**
 * `selectors check`: the flow that looks at every page, run and recorded like any other.
 * @param by who gave the command
 */
export async function checkSelectors(options: CheckOptions, by: string, output: Output): Promise<Answer> {
  const company = options.company ?? (await onlyCompany(options.config));
  const answer = await runFlow(checkPages, { ...options, company, live: false, detach: false }, { by }, output);
  // The check itself has been made, and has failed; nobody waits for a person's answer.
  return answer.failure?.code === "page-changed" ? { ...answer, exit: 1 } : answer;
}

/** @throws Failure `wrong-use` where it has to be said which one */
export async function onlyCompany(config: string | undefined): Promise<string> {
  const { companies } = await loadConfig(config);
  const [only, ...others] = companies;
  if (only !== undefined && others.length === 0) return only.ubn;
  const seen = `設定檔裡有 ${companies.length} 家公司，請用 --company 說用哪一家的帳號`;
  const en = { wanted: "--company", seen: `the configuration has ${companies.length} companies` };
  throw new Failure("wrong-use", { wanted: "--company", seen, en });
}
