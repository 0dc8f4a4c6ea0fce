import type { Database, DatabaseError } from "../../app/database.ts";
import { succeeded, type Result } from "../../core/result.ts";

/** Holds so many open databases; the oldest is closed for the next. */
export interface Shelf {
  readonly put: (
    opened: Result<Database, DatabaseError>,
  ) => Result<Database, DatabaseError>;
}

export function createShelf(most: number): Shelf {
  const kept = new Set<Database>();
  return {
    put: (opened) => {
      if (!opened.ok) return opened;
      const database: Database = {
        ...opened.value,
        close: async () => {
          if (kept.delete(database)) await opened.value.close();
        },
      };
      kept.add(database);
      const [oldest] = kept;
      // Whoever still plans on it opens another.
      if (kept.size > most && oldest !== undefined) void oldest.close();
      return succeeded(database);
    },
  };
}
