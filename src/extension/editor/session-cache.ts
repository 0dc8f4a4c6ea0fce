/** What was asked once is not asked again while it is fresh, and never twice at the same time. */
export interface SessionCache<Value> {
  readonly peek: (key: string) => Value | undefined;
  /** Joins a load under way; `load` is aborted when everybody who waits has gone. */
  readonly get: (
    key: string,
    load: (signal: AbortSignal) => Promise<Value>,
    signal: AbortSignal,
  ) => Promise<Value>;
  readonly drop: (key: string) => void;
  readonly clear: () => void;
}

export interface SessionCacheOptions<Value> {
  readonly maximumEntries: number;
  /** How long a value stays true, in milliseconds; 0 is not kept at all. */
  readonly keepMs: (value: Value) => number;
  readonly now: () => number;
}

interface Flight<Value> {
  readonly promise: Promise<Value>;
  readonly abort: AbortController;
  waiting: number;
}

function waitFor<Value>(
  flight: Flight<Value>,
  signal: AbortSignal,
): Promise<Value> {
  flight.waiting += 1;
  const leave = (): void => {
    flight.waiting -= 1;
    if (flight.waiting === 0) flight.abort.abort(signal.reason);
  };
  // The value still arrives: an aborted load answers with "cancelled" by itself.
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  return flight.promise.finally(() => {
    signal.removeEventListener("abort", leave);
  });
}

export function createSessionCache<Value>(
  options: SessionCacheOptions<Value>,
): SessionCache<Value> {
  const entries = new Map<string, { value: Value; until: number }>();
  const flights = new Map<string, Flight<Value>>();
  const peek = (key: string): Value | undefined => {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > options.now()) return entry.value;
    entries.delete(key);
    return undefined;
  };
  const keep = (key: string, value: Value): void => {
    entries.delete(key);
    const keepMs = options.keepMs(value);
    if (keepMs > 0) entries.set(key, { value, until: options.now() + keepMs });
    const oldest = entries.keys().next();
    if (entries.size > options.maximumEntries && oldest.done !== true)
      entries.delete(oldest.value);
  };
  const start = (
    key: string,
    load: (signal: AbortSignal) => Promise<Value>,
  ): Flight<Value> => {
    const abort = new AbortController();
    const promise = load(abort.signal).then(
      (value) => {
        // Dropped while under way: the answer is handed out, and not kept.
        if (flights.get(key) === flight) {
          flights.delete(key);
          keep(key, value);
        }
        return value;
      },
      (error: unknown) => {
        if (flights.get(key) === flight) flights.delete(key);
        throw error;
      },
    );
    const flight: Flight<Value> = { promise, abort, waiting: 0 };
    flights.set(key, flight);
    return flight;
  };
  return {
    peek,
    get: (key, load, signal) => {
      const known = peek(key);
      if (known !== undefined) return Promise.resolve(known);
      const running = flights.get(key);
      const flight =
        running === undefined || running.abort.signal.aborted
          ? start(key, load)
          : running;
      return waitFor(flight, signal);
    },
    drop: (key) => {
      entries.delete(key);
      flights.delete(key);
    },
    clear: () => {
      entries.clear();
      flights.clear();
    },
  };
}
