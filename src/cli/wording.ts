import type { DatabaseError } from "../app/database.ts";
import * as app from "../app/wording.ts";
import type { ParseFailure } from "../core/sql/statement.ts";
import { english } from "../core/words.ts";

/** A sentence for standard error, and the exit code. */
export interface Complaint {
  readonly sentence: string;
  readonly code: 1 | 2 | 3;
}

const logins: Readonly<
  Record<Extract<DatabaseError, { kind: "authentication" }>["refused"], string>
> = {
  password:
    "Give the right password: in the URL, in PGPASSWORD or in ~/.pgpass.",
  user: "Name another user, in the URL or in PGUSER, or let the server accept this one (CREATE ROLE, pg_hba.conf).",
};

type Next = {
  readonly [Kind in DatabaseError["kind"]]?: (
    error: Extract<DatabaseError, { kind: Kind }>,
  ) => string | undefined;
};

/** What to do where there are a command line, environment variables and files in place of an editor; the app's own words fit elsewhere. */
const nextSteps: Next = {
  authentication: ({ refused }) => logins[refused],
  unknownDatabase: () => "Name one that is there, in the URL or in PGDATABASE.",
  tls: () =>
    "Choose another sslmode in the URL or in PGSSLMODE, or give the right CA certificate with sslrootcert or PGSSLROOTCERT.",
  timedOut: ({ what }) =>
    what === "statement"
      ? "Try again when the server has less to do, or with a simpler statement."
      : undefined,
  connectionLost: () => "Start the command again when the server is there.",
  sql: ({ hint }) => hint ?? "Correct the statement.",
  // Its sentence says already what is wanted.
  misconfigured: () => "",
};

function nextAfter(error: DatabaseError): string | undefined {
  const next = nextSteps[error.kind] as
    ((error: DatabaseError) => string | undefined) | undefined;
  return next?.(error);
}

/** One sentence for what happened, one for what to do on the command line. `name` is the server's. */
export function describeDatabaseError(
  error: DatabaseError,
  name: string,
): app.Trouble {
  const trouble = app.describeDatabaseError(error, name, english);
  // A server is named by its address here, which is not to be said twice.
  const what =
    error.kind === "unreachable"
      ? `${name} cannot be reached: ${error.cause}.`
      : trouble.what;
  return { what, next: nextAfter(error) ?? trouble.next };
}

/** Where the app's words speak of a cursor or of a mark. */
const nextOfParse: { readonly [Kind in ParseFailure["kind"]]?: string } = {
  syntax: "Nothing was sent. Correct the statement.",
  empty: "",
  metaCommand: "",
};

/** Why a text was not sent to the server. */
export function describeParseFailure(failure: ParseFailure): app.Trouble {
  const { what, next } = app.describeParseFailure(failure, english);
  return { what, next: nextOfParse[failure.kind] ?? next };
}

/** Both sentences, as they are printed. */
export const sayTrouble = ({ what, next }: app.Trouble): string =>
  next === "" ? what : `${what} ${next}`;

/** For a server that did not answer as it should. */
export const complaintOf = (error: DatabaseError, name: string): Complaint => ({
  sentence: sayTrouble(describeDatabaseError(error, name)),
  code: needsNoServer.has(error.kind) ? 2 : 3,
});

/** What the command line asked for cannot be had, though the server is there. */
const needsNoServer: ReadonlySet<DatabaseError["kind"]> = new Set([
  "misconfigured",
  "missingExtension",
  "missingRight",
  "unsupported",
] as const);

const fileTroubles: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EMFILE: "too many files are open",
  ELOOP: "its symbolic links lead in a circle",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB",
  ENOSPC: "the disk is full",
  EROFS: "its file system cannot be written",
};

/** Why a file could not be read or written, without name and full stop. */
export function describeFileError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return fileTroubles[code] ?? error.message;
}

/** What to do where no folder of our own can be made among the temporary ones; undefined for any other error. */
export function describeTemporaryFolder(
  error: unknown,
  folder: string,
): string | undefined {
  const isOurs =
    error instanceof Error && "syscall" in error && error.syscall === "mkdtemp";
  return isOurs
    ? `No folder can be made in ${folder}, the place for temporary files: ${describeFileError(error).replace("there is no such file", "it is not there")}. Name another with TMPDIR.`
    : undefined;
}
