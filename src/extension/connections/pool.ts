import type { ConnectionProfile } from "../../app/connection.ts";
import type {
  Answer,
  Database,
  DatabaseError,
  ServerInfo,
} from "../../app/database.ts";
import { succeeded, type Result } from "../../core/result.ts";

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
  readonly closeAll: () => Promise<void>;
}

interface Opened {
  /** Of the target: an edited connection is another connection. */
  readonly fingerprint: string;
  readonly database: Promise<Result<Database, DatabaseError>>;
}

const fingerprintOf = (profile: ConnectionProfile): string =>
  JSON.stringify([profile.name, profile.target]);

/** One open database per profile. `onDidChange` is called when a state changed. */
export function createPool(
  openDatabase: OpenDatabase,
  onDidChange: () => void,
): Pool {
  const opened = new Map<string, Opened>();
  const states = new Map<string, ConnectionState>();
  const setState = (id: string, state: ConnectionState | undefined): void => {
    if (state === undefined) states.delete(id);
    else states.set(id, state);
    onDidChange();
  };
  const shut = async (entry: Opened | undefined): Promise<void> => {
    const database = await entry?.database;
    if (database?.ok === true) await database.value.close();
  };
  const release = async (id: string): Promise<void> => {
    const entry = opened.get(id);
    opened.delete(id);
    await shut(entry);
  };
  const start = async (
    profile: ConnectionProfile,
  ): Promise<Result<Database, DatabaseError>> => {
    const previous = opened.get(profile.id);
    // Kept before anything is awaited, so that two callers at once share one attempt.
    const entry: Opened = {
      fingerprint: fingerprintOf(profile),
      database: shut(previous).then(() => openDatabase(profile)),
    };
    opened.set(profile.id, entry);
    const database = await entry.database;
    if (opened.get(profile.id) !== entry) return database;
    if (!database.ok) opened.delete(profile.id);
    setState(
      profile.id,
      database.ok
        ? { kind: "open", info: undefined }
        : { kind: "trouble", error: database.error },
    );
    return database;
  };
  const open = (
    profile: ConnectionProfile,
  ): Promise<Result<Database, DatabaseError>> => {
    const entry = opened.get(profile.id);
    return entry?.fingerprint === fingerprintOf(profile)
      ? entry.database
      : start(profile);
  };
  const close = async (id: string): Promise<void> => {
    await release(id);
    setState(id, undefined);
  };
  return {
    open,
    connect: async (profile, signal) => {
      const database = await open(profile);
      if (!database.ok) return database;
      const info = await database.value.info(signal);
      setState(
        profile.id,
        info.ok
          ? { kind: "open", info: info.value }
          : { kind: "trouble", error: info.error },
      );
      return info.ok ? succeeded(info.value) : info;
    },
    state: (id) => states.get(id),
    close,
    closeAll: async () => {
      await Promise.all([...opened.keys()].map(release));
    },
  };
}
