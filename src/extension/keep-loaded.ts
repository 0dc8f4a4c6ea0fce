/** What is loaded at the first call and then kept. */
export interface Kept<Value> {
  readonly get: () => Promise<Value>;
  /** The next `get` loads again. */
  readonly forget: () => void;
}

/** Everybody shares one load; one that broke is not kept, so that the next call tries again. */
export function keepLoaded<Value>(load: () => Promise<Value>): Kept<Value> {
  let loading: Promise<Value> | undefined;
  const start = (): Promise<Value> => {
    const mine = load();
    loading = mine;
    // Whoever asked hears of the rejection; this only makes room for the next.
    mine.catch(() => {
      if (loading === mine) loading = undefined;
    });
    return mine;
  };
  return {
    get: () => loading ?? start(),
    forget: () => {
      loading = undefined;
    },
  };
}
