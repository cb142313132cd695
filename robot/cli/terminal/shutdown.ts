/** What a terminal, a service manager or a closed window sends to a process that shall end. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does work that can be ended: at the first signal `stop` is aborted, and the work finishes what is open. A second signal ends
 * the process at once, as the system does by itself.
 */
export async function untilShutdown<T>(onSignal: () => void, work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const end = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, end);
    onSignal();
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, end);
  }
}
