import type { HurriedClock } from "../clock.ts";
import type { Faults } from "../faults.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

interface Parts<Upload> {
  readonly clock: HurriedClock;
  readonly faults: Faults;
  /** Minute of every hour at which it runs. */
  readonly minute: number;
  /** What waits for it, in the order of arrival. */
  readonly waiting: () => readonly Upload[];
  readonly process: (upload: Upload) => void;
}

/** The import job: once an hour by the portal's clock it takes all that waits, in order. */
export class ImportJob<Upload extends { readonly ban: string }> {
  private readonly parts: Parts<Upload>;
  /** Companies whose uploads it leaves alone until that portal time. */
  private readonly heldUntil = new Map<string, number>();
  private planned = false;

  constructor(parts: Parts<Upload>) {
    this.parts = parts;
  }

  /** Something waits now. An hour without anything to do needs no appointment. */
  plan(): void {
    if (this.planned) return;
    this.planned = true;
    const { clock, minute } = this.parts;
    const offset = minute * MINUTE;
    clock.at((Math.floor((clock.now() - offset) / HOUR) + 1) * HOUR + offset, () => {
      this.planned = false;
      this.run();
      if (this.parts.waiting().length > 0) this.plan();
    });
  }

  private run(): void {
    const { clock, faults, waiting, process } = this.parts;
    const uploads = waiting();
    for (const ban of new Set(uploads.map((upload) => upload.ban))) {
      if (this.holds(ban)) continue;
      const late = faults.use("import-late", { ban });
      if (late !== null) this.heldUntil.set(ban, clock.now() + late.hours * HOUR);
    }
    for (const upload of uploads) {
      if (!this.holds(upload.ban)) process(upload);
    }
  }

  private holds(ban: string): boolean {
    return (this.heldUntil.get(ban) ?? 0) > this.parts.clock.now();
  }
}
