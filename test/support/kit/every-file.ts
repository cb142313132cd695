import { afterAll } from "vitest";
import { endFile } from "./after-file.ts";

// Evaluated before each file, also where files share what they import.
afterAll(endFile);
