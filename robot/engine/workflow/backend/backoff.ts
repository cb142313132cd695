/** How long a run that failed rests before its next attempt. */
interface Retry {
  readonly initialInterval: string;
  readonly backoffCoefficient: number;
  readonly maximumInterval: string;
}

/** Milliseconds before the attempt after this many. */
export function backoffOf({ initialInterval, backoffCoefficient, maximumInterval }: Retry, attempts: number): number {
  const grown = milliseconds(initialInterval) * backoffCoefficient ** Math.max(0, attempts - 1);
  return Math.min(grown, milliseconds(maximumInterval));
}

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `1s`, `100ms`, `5m`: as the engine's policies write durations. */
function milliseconds(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (number === undefined || (unit !== "ms" && unit !== "s" && unit !== "m" && unit !== "h"))
    throw new Error(`${text} is no duration`);
  return Number(number) * UNITS[unit];
}
