/** The Wilson 95 % interval of a share. */
function wilson(hits: number, n: number): [number, number] {
  if (n === 0) return [0, 1];
  const z2 = 1.96 ** 2;
  const share = hits / n;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (1.96 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** A share in per cent with that interval and its counts. */
export function percent(hits: number, n: number): string {
  const [low, high] = wilson(hits, n);
  return `${((100 * hits) / Math.max(n, 1)).toFixed(2)} % [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}] (${hits}/${n})`;
}
