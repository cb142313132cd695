import { Hono } from "hono";
import type { Office } from "../office/office.ts";
import { Parcels } from "../office/parcels.ts";
import { blanks } from "./blanks.ts";
import { carrier } from "./carrier.ts";
import { entrance } from "./entrance.ts";
import { page } from "./html.ts";
import { numbers } from "./numbers.ts";

/** Frames, nested tables, pictures for buttons, windows, `alert()` and `confirm()`. */
export function strutsy(office: Office): Hono {
  const app = new Hono();
  entrance(app, office);
  numbers(app, office);
  blanks(app, office);
  carrier(app, office, new Parcels(office));
  app.get("/x.do", (c) => c.html(page("", "<p>本功能未開放</p>")));
  return app;
}
