import { dueOccurrences, nextOccurrence } from "../../robot/lib/cron.ts";

/** Computes occurrences in the zone that this process was given in TZ. `node schedule-child.ts <cron> <from> <to>` */
const [cron = "", from = "", to = ""] = process.argv.slice(2);
const due = dueOccurrences(cron, new Date(from), new Date(to)).map((at) => at.toISOString());
const next = nextOccurrence(cron, new Date(from))?.toISOString() ?? null;
process.stdout.write(JSON.stringify({ due, next, zone: new Date(from).getTimezoneOffset() }));
