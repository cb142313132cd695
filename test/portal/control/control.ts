import { Hono } from "hono";
import { z } from "zod";
import { design, type ShownDesign } from "../common/designs.ts";
import { isoTime } from "../model/clock.ts";
import { category, companySchema } from "../model/company.ts";
import { faultSchema } from "../model/faults.ts";
import { periodAt, periodCode, shiftPeriod } from "../model/periods.ts";
import type { World } from "../model/world.ts";

const clockOrder = z.strictObject({
  set: isoTime.optional(),
  advance: z.number().min(0).optional(),
  pace: z.number().positive().optional(),
});

const strangersTake = z.strictObject({
  ban: z.string(),
  period: periodCode.optional(),
  category: category.default("07"),
  books: z.int().min(1),
});

const strangersUpload = z.strictObject({
  ban: z.string(),
  period: periodCode.optional(),
  /** The file's text, sent as UTF-8. */
  file: z.string(),
  name: z.string().default("blank.csv"),
});

const strangersDeletion = z.strictObject({
  ban: z.string(),
  period: periodCode.optional(),
  /** Without it all rows of the period. */
  ids: z.array(z.string()).optional(),
});

/** The control address: what tests may know and order, and a robot may not. `README.md` lists it. */
export function controlSite(world: World, shown: ShownDesign): Hono {
  const { ledger, faults, clock, companies, takes, blanks, signIn } = world;
  const app = new Hono();

  app.onError((error, context) => {
    const text = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return context.json({ error: text }, error instanceof z.ZodError || error instanceof SyntaxError ? 400 : 500);
  });

  app.get("/ledger", (context) => context.json(ledger.entries()));
  app.get("/state", (context) => context.json({ design: shown.now, ...state(world) }));

  app.get("/faults", (context) => context.json(faults.standing()));
  app.post("/fault", async (context) => {
    const order = faultSchema.parse(await context.req.json());
    return context.json(faults.order(order));
  });
  app.delete("/faults", (context) => {
    faults.clear();
    takes.releaseStuck();
    return context.json([]);
  });

  app.post("/clock", async (context) => {
    const { set, advance, pace } = clockOrder.parse(await context.req.json());
    if (pace !== undefined) {
      clock.setPace(pace);
      ledger.append({ type: "clock", action: "pace" });
    }
    if (set !== undefined) {
      clock.set(set);
      ledger.append({ type: "clock", action: "set" });
    }
    if (advance !== undefined) {
      clock.advance(advance);
      ledger.append({ type: "clock", action: "advance" });
    }
    return context.json({ now: clock.iso(), msPerMinute: clock.msPerMinute });
  });

  app.post("/design", async (context) => {
    const order = z.strictObject({ design }).parse(await context.req.json());
    shown.show(order.design);
    return context.json(order);
  });

  app.get("/captcha/:token", (context) => {
    const answer = signIn.captchaAnswer(context.req.param("token"));
    return answer === null ? context.json({ error: "no such captcha" }, 404) : context.json({ answer });
  });

  app.post("/captcha", async (context) => {
    const answer = signIn.answerToPicture(new Uint8Array(await context.req.arrayBuffer()));
    return answer === null ? context.json({ error: "no such captcha" }, 404) : context.json({ answer });
  });

  app.post("/company", async (context) => {
    const company = companySchema.parse(await context.req.json());
    world.addCompany(company);
    return context.json({ ban: company.ban });
  });
  app.post("/unlock", async (context) => {
    const account = z.strictObject({ ban: z.string(), account: z.string() });
    const asked = account.parse(await context.req.json());
    signIn.unlock(asked.ban, asked.account);
    return context.json(asked);
  });

  app.post("/someone-else", async (context) => {
    const { ban, period, category, books } = strangersTake.parse(await context.req.json());
    if (!companies.has(ban)) return context.json({ error: `no company ${ban}` }, 404);
    const request = { period: period ?? takes.openPeriods()[0], category, books, extraBooks: 0 };
    return context.json(takes.takeByOthers(ban, request));
  });
  app.post("/someone-else-uploads", async (context) => {
    const { ban, period, file, name } = strangersUpload.parse(await context.req.json());
    if (!companies.has(ban)) return context.json({ error: `no company ${ban}` }, 404);
    const bytes = Buffer.from(file, "utf8");
    const upload = blanks.uploadByOthers(ban, { period: period ?? justEnded(world), name, bytes });
    return context.json({ name: upload.name, period: upload.period });
  });
  app.post("/blank-delete", async (context) => {
    const { ban, period, ids } = strangersDeletion.parse(await context.req.json());
    const chosen = ids ?? blanks.rows(ban, period ?? justEnded(world)).map(({ id }) => id);
    const deleted = blanks.remove(ban, null, chosen);
    return deleted ? context.json({ deleted: chosen }) : context.json({ error: `no such rows of ${ban}` }, 404);
  });

  return app;
}

function justEnded({ clock }: World): string {
  return shiftPeriod(periodAt(clock.now()), -1);
}

function state({ clock, faults, companies, takes, blanks, signIn }: World): object {
  const entries = takes.all();
  const [current, next] = takes.openPeriods();
  return {
    now: clock.iso(),
    msPerMinute: clock.msPerMinute,
    periods: { this: current, next },
    faults: faults.standing(),
    sessions: signIn.openSessions(),
    companies: Array.from(companies.values(), (company) => ({
      ban: company.ban,
      name: company.name,
      quota: company.quota,
      mailboxList: company.mailboxList,
      accounts: company.accounts.map(({ id }) => id),
      entries: entries.filter(({ ban }) => ban === company.ban),
      blank: blanks.all(company.ban),
    })),
  };
}
