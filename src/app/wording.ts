import type { ParseFailure } from "../core/sql/statement.ts";
import type { DatabaseError } from "./database.ts";

/** What happened and why, and what to do next; both whole sentences. */
export interface Trouble {
  readonly what: string;
  readonly next: string;
}

type ErrorOf<Kind extends DatabaseError["kind"]> = Extract<
  DatabaseError,
  { kind: Kind }
>;

const seconds = (ms: number): string =>
  ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;

const timeouts: Readonly<
  Record<ErrorOf<"timedOut">["what"], (after: string, name: string) => Trouble>
> = {
  connect: (after, name) => ({
    what: `${name} did not answer within ${after}.`,
    next: "Check host, port and firewall, or whether the server is overloaded.",
  }),
  statement: (after) => ({
    what: `Stopped after ${after} (statement_timeout).`,
    next: "Raise the limit in the settings, or explain without running.",
  }),
  lock: (after) => ({
    what: `Waited ${after} for a lock that another session holds (lock_timeout).`,
    next: "Try again when the other session has finished.",
  }),
};

const words: {
  readonly [Kind in DatabaseError["kind"]]: (
    error: ErrorOf<Kind>,
    name: string,
  ) => Trouble;
} = {
  unreachable: (error, name) => ({
    what: `${name} cannot be reached at ${error.host}:${error.port}: ${error.cause}.`,
    next: "Check that the server runs and that host and port are right.",
  }),
  authentication: (error, name) => ({
    what: `${name} refused the user ${error.user}: ${error.message}.`,
    next: "Enter the password again, or check pg_hba.conf on the server.",
  }),
  unknownDatabase: (error, name) => ({
    what: `${name} has no database "${error.database}".`,
    next: "Correct the database name of the connection.",
  }),
  tls: (error, name) => ({
    what: `No secure connection to ${name}: ${error.message}.`,
    next: "Choose another sslmode, or give the right CA certificate.",
  }),
  tooManyConnections: (error, name) => ({
    what: `${name} has no free connection slot: ${error.message}.`,
    next: "Close idle sessions or raise max_connections, then try again.",
  }),
  startingUp: (error, name) => ({
    what: `${name} is not ready: ${error.message}.`,
    next: "Try again in a moment.",
  }),
  timedOut: (error, name) => timeouts[error.what](seconds(error.afterMs), name),
  cancelled: () => ({ what: "Cancelled.", next: "Nothing was kept." }),
  connectionLost: (error, name) => ({
    what: `The connection to ${name} was lost: ${error.message}.`,
    next: "The next request connects again by itself.",
  }),
  missingRight: (error, name) => ({
    what: `The role may not do this on ${name}: ${error.message}.`,
    next:
      error.remedy === undefined
        ? "Ask the owner for the right."
        : `Have this run: ${error.remedy}`,
  }),
  missingExtension: (error, name) => ({
    what: `The extension ${error.extension} is not available on ${name}.`,
    next: `Have this run: ${error.remedy}`,
  }),
  readOnlyViolation: (error) => ({
    what: `The statement would write, and the session is read-only: ${error.message}.`,
    next: "Explain it instead: that runs nothing.",
  }),
  sql: (error) => ({
    what: `${error.message} (${error.code}).`,
    next: error.hint ?? "Correct the statement at the marked place.",
  }),
  unsupported: (error) => ({
    what: `${error.message}.`,
    next: "Use a server that has it.",
  }),
  misconfigured: (error) => ({
    what: `${error.message}.`,
    next: "Edit the connection.",
  }),
};

/** One sentence for what happened, one for what to do. `name` is the connection's. */
export function describeDatabaseError(
  error: DatabaseError,
  name: string,
): Trouble {
  const trouble = (
    words[error.kind] as (error: DatabaseError, name: string) => Trouble
  )(error, name);
  // Server messages may or may not end in a full stop; a sentence ends in one.
  return {
    what: trouble.what.replace(/\.{2,}$/, ".").replace(/\.(\.| \()/g, "$1"),
    next: trouble.next,
  };
}

/** Why a text was not sent to the server. */
export function describeParseFailure(failure: ParseFailure): Trouble {
  switch (failure.kind) {
    case "empty":
      return {
        what: "There is no statement here.",
        next: "Put the cursor in a statement.",
      };
    case "syntax":
      return {
        what: `Not valid SQL: ${failure.message}.`,
        next: "Nothing was sent. Correct the marked place.",
      };
    case "severalStatements":
      return {
        what: `One statement at a time. The text holds ${failure.count}; nothing was sent.`,
        next: "Separate the statements with semicolons, or choose one.",
      };
    case "metaCommand":
      return {
        what: "A psql command has no plan; nothing was sent.",
        next: "Put the cursor in an SQL statement.",
      };
    case "nulByte":
      return {
        what: "The text holds a NUL byte; nothing was sent.",
        next: "Remove the NUL byte.",
      };
    case "notExplainable":
      return {
        what: `${failure.what} has no plan of its own; nothing was sent.`,
        next: "EXPLAIN takes SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES and CREATE TABLE AS.",
      };
    case "tooComplex":
      return {
        what: `The statement is too deeply nested to read: ${failure.message}.`,
        next: "Nothing was sent.",
      };
  }
}
