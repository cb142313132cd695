import process from "node:process";

/** Whether the long tests run as well: what each proves is proved every day in a shorter way, see `test/README.md`. */
export const EVERY_TEST = process.env["EINVOICE_TESTS"] === "all";
