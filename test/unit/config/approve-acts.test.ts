import { expect, test } from "vitest";
import { FLOWS } from "../../../flows/index.ts";
import { assertKnownActs } from "../../../robot/app/approval-mode.ts";
import { type ConfigInput, configSchema } from "../../../robot/config/schema.ts";

const configured = (approve: ConfigInput["approve"], ofCompany?: ConfigInput["approve"]): void =>
  assertKnownActs(
    configSchema.parse({
      portal: { address: "http://127.0.0.1:9" },
      companies: [{ name: "晨光小舖", ubn: "12345675", approve: ofCompany }],
      approve,
    }),
    FLOWS,
  );

test("every kind of act that a flow names can be set in `approve`, and a name that none has is refused wherever it stands", () => {
  const acts = FLOWS.flatMap((flow) => flow.acts);
  expect(acts.length).toBeGreaterThan(5);
  configured({ default: "odd", effects: Object.fromEntries(acts.map((act) => [act, "always"] as const)) }, "always");
  const misspelt = { effects: { "submit-tak": "always" } } as const;
  for (const twice of [[misspelt], ["odd", misspelt]] as const)
    expect(() => configured(twice[0], twice[1])).toThrow(expect.objectContaining({ code: "config-invalid" }));
});
