/**
 * Waits for work that someone else does, and no longer than it may take.
 * @param milliseconds how long
 * @param late what is thrown then; what the work comes to afterwards is nobody's any more
 */
export async function within<T>(
  milliseconds: number,
  work: () => T | Promise<T>,
  late: () => Error,
): Promise<Awaited<T>> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => silence.reject(late()), milliseconds);
  const working = Promise.resolve().then(work);
  working.catch(() => undefined);
  try {
    return await Promise.race([working, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
