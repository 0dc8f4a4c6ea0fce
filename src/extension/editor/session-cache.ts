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

interface Kept<Value> {
  readonly peek: (key: string) => Value | undefined;
  readonly keep: (key: string, value: Value) => void;
  readonly entries: Map<
    string,
    { readonly value: Value; readonly until: number }
  >;
}

function createKept<Value>(options: SessionCacheOptions<Value>): Kept<Value> {
  const entries: Kept<Value>["entries"] = new Map();
  return {
    entries,
    peek: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.until > options.now()) return entry.value;
      entries.delete(key);
      return undefined;
    },
    keep: (key, value) => {
      entries.delete(key);
      const keepMs = options.keepMs(value);
      if (keepMs > 0)
        entries.set(key, { value, until: options.now() + keepMs });
      const oldest = entries.keys().next();
      if (entries.size > options.maximumEntries && oldest.done !== true)
        entries.delete(oldest.value);
    },
  };
}

function takeOff<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
): Flight<Value> {
  const abort = new AbortController();
  return { promise: load(abort.signal), abort, waiting: 0 };
}

export function createSessionCache<Value>(
  options: SessionCacheOptions<Value>,
): SessionCache<Value> {
  const { peek, keep, entries } = createKept(options);
  const flights = new Map<string, Flight<Value>>();
  const start = (
    key: string,
    load: (signal: AbortSignal) => Promise<Value>,
  ): Flight<Value> => {
    const flight = takeOff(async (signal) => {
      try {
        const value = await load(signal);
        // Dropped while under way: the answer is handed out, and not kept.
        if (flights.get(key) === flight) keep(key, value);
        return value;
      } finally {
        if (flights.get(key) === flight) flights.delete(key);
      }
    });
    flights.set(key, flight);
    return flight;
  };
  return {
    peek,
    get: (key, load, signal) => {
      const known = peek(key);
      if (known !== undefined) return Promise.resolve(known);
      const running = flights.get(key);
      const isUsable = running?.abort.signal.aborted === false;
      return waitFor(isUsable ? running : start(key, load), signal);
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
