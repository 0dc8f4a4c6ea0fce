import type { PostgresTarget } from "../../app/connection.ts";

export function findPassword(
  _target: PostgresTarget,
): Promise<string | undefined> {
  return Promise.resolve(undefined);
}
