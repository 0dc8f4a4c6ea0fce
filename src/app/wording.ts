import type { ParseFailure } from "../core/sql/statement.ts";
import { sayText, type Translate } from "../core/words.ts";
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

/** Who is spoken of, and to whom. */
interface Circumstances {
  /** The connection's. */
  readonly name: string;
  readonly t: Translate;
}

const timeouts: Readonly<
  Record<
    ErrorOf<"timedOut">["what"],
    (after: string, circumstances: Circumstances) => Trouble
  >
> = {
  connect: (after, { name, t }) => ({
    what: t("{0} did not answer within {1}.", name, after),
    next: t(
      "Check host, port and firewall, or whether the server is overloaded.",
    ),
  }),
  statement: (after, { t }) => ({
    what: t("Stopped after {0} (statement_timeout).", after),
    next: t("Raise the limit in the settings, or explain without running."),
  }),
  lock: (after, { t }) => ({
    what: t(
      "Waited {0} for a lock that another session holds (lock_timeout).",
      after,
    ),
    next: t("Try again when the other session has finished."),
  }),
};

const sentences: {
  readonly [Kind in DatabaseError["kind"]]: (
    error: ErrorOf<Kind>,
    circumstances: Circumstances,
  ) => Trouble;
} = {
  unreachable: (error, { name, t }) => ({
    what: t(
      "{0} cannot be reached at {1}:{2}: {3}.",
      name,
      error.host,
      String(error.port),
      t(error.cause),
    ),
    next: t("Check that the server runs and that host and port are right."),
  }),
  authentication: (error, { name, t }) => ({
    what: t(
      "{0} refused the user {1}: {2}.",
      name,
      error.user,
      t(error.message),
    ),
    next:
      error.refused === "password"
        ? t(
            "Enter the password again, or check how the server lets this user log in.",
          )
        : t(
            "Correct the user of the connection, or have the server let this one in (CREATE ROLE, pg_hba.conf).",
          ),
  }),
  unknownDatabase: (error, { name, t }) => ({
    what: t('{0} has no database "{1}".', name, error.database),
    next: t("Correct the database name of the connection."),
  }),
  tls: (error, { name, t }) => ({
    what: t(
      "No secure connection to {0}: {1}.",
      name,
      sayText(error.message, t),
    ),
    next: t("Choose another sslmode, or give the right CA certificate."),
  }),
  tooManyConnections: (error, { name, t }) => ({
    what: t("{0} has no free connection slot: {1}.", name, error.message),
    next: t("Close idle sessions or raise max_connections, then try again."),
  }),
  startingUp: (error, { name, t }) => ({
    what: t("{0} is not ready: {1}.", name, error.message),
    next: t("Try again in a moment."),
  }),
  timedOut: (error, circumstances) =>
    timeouts[error.what](seconds(error.afterMs), circumstances),
  cancelled: (_error, { t }) => ({
    what: t("Cancelled."),
    next: t("Nothing was kept."),
  }),
  connectionLost: (error, { name, t }) => ({
    what: t(
      "The connection to {0} was lost: {1}.",
      name,
      sayText(error.message, t),
    ),
    next: t("The next request connects again by itself."),
  }),
  missingRight: (error, { name, t }) => ({
    what: t("The role may not do this on {0}: {1}.", name, error.message),
    next:
      error.remedy === undefined
        ? t("Ask the owner for the right.")
        : t("Have this run: {0}", error.remedy),
  }),
  missingExtension: (error, { name, t }) => ({
    what: t(
      "The extension {0} is not available on {1}.",
      error.extension,
      name,
    ),
    next: t("Have this run: {0}", error.remedy),
  }),
  readOnlyViolation: (error, { t }) => ({
    what: t(
      "The statement would write, and the session is read-only: {0}.",
      sayText(error.message, t),
    ),
    next: t("Explain it instead: that runs nothing."),
  }),
  refusedOnProduction: (error, { name, t }) => ({
    what: t(
      "{0} is marked as production, where nothing runs that may change something: {1}.",
      name,
      sayText(error.message, t),
    ),
    next: t("Explain it instead: that runs nothing."),
  }),
  sql: (error, { t }) => ({
    what: `${error.message} (${error.code}).`,
    next: error.hint ?? t("Correct the statement at the marked place."),
  }),
  unsupported: (error, { t }) => ({
    what: `${t(error.message)}.`,
    next: t("Use a server that has it."),
  }),
  misconfigured: (error, { t }) => ({
    what: `${sayText(error.message, t)}.`,
    next: t("Edit the connection."),
  }),
};

/** One sentence for what happened, one for what to do. `name` is the connection's. */
export function describeDatabaseError(
  error: DatabaseError,
  name: string,
  t: Translate,
): Trouble {
  const trouble = (
    sentences[error.kind] as (
      error: DatabaseError,
      circumstances: Circumstances,
    ) => Trouble
  )(error, { name, t });
  // Server messages may or may not end in a full stop; a sentence ends in one.
  return {
    what: trouble.what.replace(/\.{2,}$/, ".").replace(/\.(\.| \()/g, "$1"),
    next: trouble.next,
  };
}

type ParseFailureOf<Kind extends ParseFailure["kind"]> = Extract<
  ParseFailure,
  { kind: Kind }
>;

const parseSentences: {
  readonly [Kind in ParseFailure["kind"]]: (
    failure: ParseFailureOf<Kind>,
    t: Translate,
  ) => Trouble;
} = {
  empty: (_failure, t) => ({
    what: t("There is no statement here."),
    next: t("Put the cursor in a statement."),
  }),
  syntax: (failure, t) => ({
    what: t("Not valid SQL: {0}.", failure.message),
    next: t("Nothing was sent. Correct the marked place."),
  }),
  severalStatements: (failure, t) => ({
    what: t(
      "One statement at a time. The text holds {0}; nothing was sent.",
      String(failure.count),
    ),
    next: t("Separate the statements with semicolons, or choose one."),
  }),
  metaCommand: (_failure, t) => ({
    what: t("A psql command has no plan; nothing was sent."),
    next: t("Put the cursor in an SQL statement."),
  }),
  nulByte: (_failure, t) => ({
    what: t("The text holds a NUL byte; nothing was sent."),
    next: t("Remove the NUL byte."),
  }),
  notExplainable: (failure, t) => ({
    what: t("{0} has no plan of its own; nothing was sent.", failure.what),
    next: t(
      "EXPLAIN takes SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES and CREATE TABLE AS.",
    ),
  }),
  tooComplex: (_failure, t) => ({
    what: t(
      "The statement cannot be read: its parentheses, operators, joins or subqueries nest thousands of levels deep.",
    ),
    next: t(
      "Nothing was sent. Write long chains as a list, such as IN (…), VALUES or concat(…), or split the statement.",
    ),
  }),
};

/** Why a text was not sent to the server. */
export const describeParseFailure = (
  failure: ParseFailure,
  t: Translate,
): Trouble =>
  (
    parseSentences[failure.kind] as (
      failure: ParseFailure,
      t: Translate,
    ) => Trouble
  )(failure, t);
