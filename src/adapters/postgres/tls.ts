import { phrase } from "../../core/words.ts";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { homedir } from "node:os";
import path from "node:path";
import {
  checkServerIdentity,
  type ConnectionOptions,
  type SecureVersion,
} from "node:tls";
import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";

/** What one attempt to connect does about encryption. */
export type TlsAttempt = false | ConnectionOptions;

function defaultFile(name: string): string | undefined {
  const file = path.join(homedir(), ".postgresql", name);
  return existsSync(file) ? file : undefined;
}

function readClientCertificate(target: PostgresTarget): ConnectionOptions {
  if (target.parameters?.["sslcertmode"] === "disable") return {};
  const cert = target.sslCertPath ?? defaultFile("postgresql.crt");
  const key = target.sslKeyPath ?? defaultFile("postgresql.key");
  if (cert === undefined || key === undefined) return {};
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

/** `system` asks for the trusted roots of the system, as in libpq 16. */
function readRoots(target: PostgresTarget): ConnectionOptions {
  const file = target.sslRootCertPath ?? defaultFile("root.crt");
  const revoked = target.parameters?.["sslcrl"];
  return {
    ...(file === undefined || file === "system"
      ? {}
      : { ca: readFileSync(file) }),
    ...(revoked === undefined ? {} : { crl: readFileSync(revoked) }),
  };
}

/** Whether this is one of TLS's versions was seen when the parameters were read. */
const versionOf = (
  target: PostgresTarget,
  keyword: "ssl_min_protocol_version" | "ssl_max_protocol_version",
): SecureVersion | undefined =>
  target.parameters?.[keyword] as SecureVersion | undefined;

function limitVersions(target: PostgresTarget): ConnectionOptions {
  const minVersion = versionOf(target, "ssl_min_protocol_version");
  const maxVersion = versionOf(target, "ssl_max_protocol_version");
  return {
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
  };
}

function encrypt(
  target: PostgresTarget,
  check: "none" | "chain" | "host",
): ConnectionOptions {
  const base = {
    ...readClientCertificate(target),
    ...limitVersions(target),
    ...(check === "none" ? {} : readRoots(target)),
    // Beside an address pg does not know the name to ask for.
    ...(target.parameters?.["hostaddr"] !== undefined && isIP(target.host) === 0
      ? { servername: target.host }
      : {}),
  };
  if (check === "none") return { ...base, rejectUnauthorized: false };
  return {
    ...base,
    rejectUnauthorized: true,
    // pg hands Node no host for an address, so the name is checked against the target here.
    checkServerIdentity: (_host, certificate) =>
      check === "host"
        ? checkServerIdentity(target.host, certificate)
        : undefined,
  };
}

/**
 * The attempts of libpq for each sslmode, in order. `require` checks the chain when a root
 * certificate is given, as libpq does.
 */
function listAttempts(target: PostgresTarget): readonly TlsAttempt[] {
  switch (target.sslMode) {
    case "disable":
      return [false];
    case "allow":
      return [false, encrypt(target, "none")];
    case "prefer":
      return [encrypt(target, "none"), false];
    case "require":
      return [
        encrypt(
          target,
          target.sslRootCertPath === undefined ? "none" : "chain",
        ),
      ];
    case "verify-ca":
      return [encrypt(target, "chain")];
    case "verify-full":
      return [encrypt(target, "host")];
  }
}

/** The attempts to make in order; fails when a named certificate file cannot be read. */
export function planTls(
  target: PostgresTarget,
): Result<readonly TlsAttempt[], DatabaseError> {
  try {
    return succeeded(listAttempts(target));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed({
      kind: "tls",
      message: phrase("a certificate file cannot be read: {0}", reason),
    });
  }
}
