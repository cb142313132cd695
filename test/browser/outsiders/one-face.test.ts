import { expect, test, vi } from "vitest";
import { playOutsider } from "../../support/kit/looks/outsider-case.ts";

// Each job has a browser to itself, and waits more than it works.
vi.setConfig({ maxConcurrency: 2, testTimeout: 240_000 });

/** Every day the two jobs that change most, at the face that is least like the robot's own portal; the others by `every-face`. */
test.concurrent.for(["take-tracks", "upload-blank-numbers"])(
  "%s is done, and done once, at a portal of frames, windows and pictures for buttons",
  async (flow) => {
    expect(await playOutsider("strutsy", flow)).toMatchObject({ ending: "straight", why: "" });
  },
);
