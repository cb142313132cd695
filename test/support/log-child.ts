import { openLog } from "../../robot/log/log.ts";

/** Writes so many lines of its own and, at the end, waits to be killed. `node log-child.ts <folder> <name> <lines>` */
const [folder = "", name = "", lines = "0"] = process.argv.slice(2);
const log = await openLog({ folder, level: "info", maxBytes: 20_000, keep: 100 });
for (let n = 0; n < Number(lines); n++) log.write("info", "line", { name, n, text: "長".repeat(50) });
process.stdout.write("written\n");
setInterval(() => undefined, 60_000);
