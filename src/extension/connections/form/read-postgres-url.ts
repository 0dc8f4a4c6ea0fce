import type { PostgresTarget } from "../../../app/connection.ts";
import { failed, succeeded, type Result } from "../../../core/result.ts";

/** PLACEHOLDER */
export function readPostgresUrl(
  text: string,
): Result<
  { readonly target: PostgresTarget; readonly password: string | undefined },
  string
> {
  try {
    const url = new URL(text.trim());
    if (!/^postgres(ql)?:$/.test(url.protocol)) return failed("URL");
    return succeeded({
      target: {
        engine: "postgres",
        host: url.hostname,
        port: url.port === "" ? 5432 : Number(url.port),
        database: decodeURIComponent(url.pathname.slice(1)),
        user: decodeURIComponent(url.username),
        sslMode: "prefer",
        sslRootCertPath: undefined,
        sslCertPath: undefined,
        sslKeyPath: undefined,
      },
      password:
        url.password === "" ? undefined : decodeURIComponent(url.password),
    });
  } catch {
    return failed("URL");
  }
}
