import type { PostgresTarget } from "../../app/connection.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * PGPASSWORD is for the server that the other variables name. libpq sends it anywhere;
 * here a folder's settings may name the server, so it goes to no other one.
 */
export function variablesFor(
  { host, user }: PostgresTarget,
  variables: Variables,
): Variables {
  const namedHost =
    variables["PGHOST"] ?? variables["PGHOSTADDR"] ?? "localhost";
  const namedUser = variables["PGUSER"] ?? user;
  if (namedHost === host && namedUser === user) return variables;
  return { ...variables, PGPASSWORD: undefined };
}

/** The password that nobody entered: PGPASSWORD or the pgpass file. `warn` is told why a file was passed over. */
export async function findPassword(
  target: PostgresTarget,
  variables: Variables,
  warn: (sentence: string) => void,
): Promise<string | undefined> {
  const { findPassword: find } =
    await import("../../adapters/postgres/from-environment.ts");
  const found = await find(
    { target, password: undefined },
    variablesFor(target, variables),
  );
  if (found.warning !== undefined) warn(found.warning);
  return found.password;
}
