import type { ConnectionProfile } from "../../app/connection.ts";
import type {
  Answer,
  Database,
  DatabaseError,
  ServerInfo,
} from "../../app/database.ts";
import type { Result } from "../../core/result.ts";

/** What is known of a connection since this window started. */
export type ConnectionState =
  | { readonly kind: "open"; readonly info: ServerInfo | undefined }
  | { readonly kind: "trouble"; readonly error: DatabaseError };

/** Opens what has not been opened; the caller says how. */
export type OpenDatabase = (
  profile: ConnectionProfile,
) => Promise<Result<Database, DatabaseError>>;

export interface Pool {
  /** The same database for everybody; a failed attempt is not kept. */
  readonly open: (
    profile: ConnectionProfile,
  ) => Promise<Result<Database, DatabaseError>>;
  /** Opens, asks the server who it is, and keeps the answer for `state`. */
  readonly connect: (
    profile: ConnectionProfile,
    signal: AbortSignal,
  ) => Answer<ServerInfo>;
  readonly state: (id: string) => ConnectionState | undefined;
  readonly close: (id: string) => Promise<void>;
  /** Closes what belongs to no profile any more. */
  readonly closeOthers: (ids: ReadonlySet<string>) => Promise<void>;
  readonly closeAll: () => Promise<void>;
}

interface Opened {
  /** Of the target: an edited connection is another connection. */
  readonly fingerprint: string;
  readonly database: Promise<Result<Database, DatabaseError>>;
}

const fingerprintOf = (profile: ConnectionProfile): string =>
  JSON.stringify([profile.name, profile.target]);

async function shut(entry: Opened | undefined): Promise<void> {
  // One that broke while it opened left nothing to close; whoever opened it was told.
  const database = await entry?.database.catch(() => undefined);
  if (database?.ok === true) await database.value.close();
}

async function isOf(
  entry: Opened | undefined,
  database: Database,
): Promise<boolean> {
  const opened = await entry?.database.catch(() => undefined);
  return opened?.ok === true && opened.value === database;
}

interface States {
  readonly get: (id: string) => ConnectionState | undefined;
  readonly set: (id: string, state: ConnectionState | undefined) => void;
}

function createStates(onDidChange: () => void): States {
  const states = new Map<string, ConnectionState>();
  return {
    get: (id) => states.get(id),
    set: (id, state) => {
      if (state === undefined) states.delete(id);
      else states.set(id, state);
      onDidChange();
    },
  };
}

const troubleOf = (error: DatabaseError): ConnectionState => ({
  kind: "trouble",
  error,
});

/** A person who cancelled knows that nothing is open: no trouble. */
const stateOf = (
  database: Result<Database, DatabaseError>,
): ConnectionState | undefined => {
  if (database.ok) return { kind: "open", info: undefined };
  return database.error.kind === "cancelled"
    ? undefined
    : troubleOf(database.error);
};

interface Attempts {
  readonly open: Pool["open"];
  readonly release: (id: string) => Promise<void>;
  readonly ids: () => readonly string[];
  /** False once it was closed or replaced: what it answers later is no news. */
  readonly holds: (id: string, database: Database) => Promise<boolean>;
}

/** Shares one attempt among all who open a profile. */
function createAttempts(openDatabase: OpenDatabase, states: States): Attempts {
  const opened = new Map<string, Opened>();
  const start: Pool["open"] = async (profile) => {
    const previous = opened.get(profile.id);
    // Kept before anything is awaited, so that two callers at once share one attempt.
    const entry: Opened = {
      fingerprint: fingerprintOf(profile),
      database: shut(previous).then(() => openDatabase(profile)),
    };
    opened.set(profile.id, entry);
    const database = await entry.database.catch((error: unknown) => {
      // An attempt that broke is not kept either: the next one starts anew.
      if (opened.get(profile.id) === entry) opened.delete(profile.id);
      throw error;
    });
    if (opened.get(profile.id) !== entry) return database;
    if (!database.ok) opened.delete(profile.id);
    states.set(profile.id, stateOf(database));
    return database;
  };
  return {
    ids: () => [...opened.keys()],
    holds: async (id, database) => {
      const entry = opened.get(id);
      return (await isOf(entry, database)) && opened.get(id) === entry;
    },
    open: (profile) => {
      const entry = opened.get(profile.id);
      return entry?.fingerprint === fingerprintOf(profile)
        ? entry.database
        : start(profile);
    },
    release: async (id) => {
      const entry = opened.get(id);
      opened.delete(id);
      await shut(entry);
    },
  };
}

/** One open database per profile. `onDidChange` is called when a state changed. */
export function createPool(
  openDatabase: OpenDatabase,
  onDidChange: () => void,
): Pool {
  const states = createStates(onDidChange);
  const attempts = createAttempts(openDatabase, states);
  return {
    open: attempts.open,
    connect: async (profile, signal) => {
      const database = await attempts.open(profile);
      if (!database.ok) return database;
      const info = await database.value.info(signal);
      if (await attempts.holds(profile.id, database.value))
        states.set(
          profile.id,
          info.ok ? { kind: "open", info: info.value } : troubleOf(info.error),
        );
      return info;
    },
    state: states.get,
    close: async (id) => {
      await attempts.release(id);
      states.set(id, undefined);
    },
    closeOthers: async (ids) => {
      const gone = attempts.ids().filter((id) => !ids.has(id));
      await Promise.all(gone.map(attempts.release));
    },
    closeAll: async () => {
      await Promise.all(attempts.ids().map(attempts.release));
    },
  };
}
