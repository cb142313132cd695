import { Hono } from "hono";
import type { Office } from "../office/office.ts";
import { Parcels } from "../office/parcels.ts";
import { blanks } from "./blanks.ts";
import { carrier } from "./carrier.ts";
import { doors } from "./doors.ts";
import { numbers } from "./numbers.ts";

/** One page of folds and boxes, half in English, tools without words. */
export function bootsy(office: Office): Hono {
  const app = new Hono();
  doors(app, office);
  numbers(app, office);
  blanks(app, office);
  carrier(app, office, new Parcels(office));
  return app;
}
