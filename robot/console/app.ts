import { Hono } from "hono";
import { SignInAttempts } from "./access/attempts.ts";
import { guard, type ConsoleHost, safeHeaders } from "./access/guard.ts";
import { liveRoutes } from "./http/live.ts";
import { compareRoutes } from "./pages/compare.ts";
import { overviewRoutes } from "./pages/overview.ts";
import { portalPageRoutes } from "./pages/portal-pages.ts";
import { questionRoutes } from "./pages/questions.ts";
import { recordRoutes } from "./pages/record-files.ts";
import { runRoutes } from "./pages/run.ts";
import { runsRoutes } from "./pages/runs.ts";
import { companySettings } from "./pages/settings/companies.ts";
import { rosterImport } from "./pages/settings/import-roster.ts";
import { peopleSettings } from "./pages/settings/people.ts";
import { portalSettings } from "./pages/settings/portal.ts";
import { scheduleSettings } from "./pages/settings/schedules.ts";
import { sessionSettings } from "./pages/settings/sessions.ts";
import { secretSettings } from "./pages/settings/secrets.ts";
import { signInRoutes } from "./pages/sign-in.ts";
import { startRoutes } from "./pages/start.ts";
import { renderNotFound, renderFailure } from "./http/respond.ts";
import { staticRoutes } from "./http/static-files.ts";
import { traceRoutes } from "./http/trace-viewer.ts";
import type { ConsoleContext, Env } from "./http/console-context.ts";

/** The console as an application: first the guard, then what strangers may see, then the pages for those who are signed in. No body is read but by `readForm`. */
export function consoleApp(world: ConsoleContext, place: ConsoleHost): Hono<Env> {
  const app = new Hono<Env>();
  app.use(safeHeaders(place));
  app.use(guard(place));
  staticRoutes(app);
  const attempts = new SignInAttempts();
  app.use((c, next) => {
    c.set("attempts", attempts);
    return next();
  });
  signInRoutes(app, world, place);
  overviewRoutes(app, world);
  startRoutes(app, world);
  questionRoutes(app, world);
  runsRoutes(app, world);
  runRoutes(app, world);
  compareRoutes(app, world);
  portalPageRoutes(app, world);
  recordRoutes(app, world);
  companySettings(app, world);
  rosterImport(app, world);
  scheduleSettings(app, world);
  portalSettings(app, world);
  secretSettings(app, world);
  peopleSettings(app, world);
  sessionSettings(app, world);
  traceRoutes(app, world);
  liveRoutes(app, world);
  app.notFound((c) => renderNotFound(c, world, `這裡沒有 ${c.req.path}。`));
  app.onError((error, c) => renderFailure(c, world, error));
  return app;
}
