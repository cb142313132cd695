import { loadConfig } from "../../../robot/config/load.ts";
import { createApp } from "../../../robot/app/compose.ts";
import { captchaOracle } from "../../support/kit/installation/captcha-oracle.ts";
import { orderSchema } from "./generation.ts";
import { runToItsEnd, passThrough } from "./process.ts";

/**
 * One process of the robot for a kill test, ordered by one JSON argument: does a job until it has ended or asks a person, or kills
 * itself with SIGKILL at the first of the named points that it reaches. Prints JSON lines: each point, and its end.
 */
const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ""));

const config = await loadConfig(order.config);
const assembled = await createApp(config, {
  captcha: captchaOracle(order.control),
  point(effect, point) {
    passThrough(`${effect}@${point}`, order);
    return Promise.resolve();
  },
  winnerMailPoint(letter, point) {
    passThrough(`${letter}@${point}`, order);
    return Promise.resolve();
  },
});
const { robot, store } = assembled;
const company = config.companies.find(({ ubn }) => ubn === order.company);
if (!company) throw new Error(`no company ${order.company} in ${order.config}`);
const { run } = await robot.submit({ flow: order.flow, company, input: order.input, startedBy: "crash run" });
await runToItsEnd(robot, store, run, order);
await robot.stop();
await assembled.close();
