/** What a connection is, before it is opened. Secrets are resolved by the adapter's caller and never stored here. */
export type Environment = "dev" | "staging" | "production";

export type SslMode =
  "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

export interface PostgresTarget {
  readonly engine: "postgres";
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly sslMode: SslMode;
  readonly sslRootCertPath: string | undefined;
  readonly sslCertPath: string | undefined;
  readonly sslKeyPath: string | undefined;
  /** libpq's further parameters that are done as they say, by keyword: options, passfile, require_auth, … */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

export interface MongoTarget {
  readonly engine: "mongodb";
  /** Without password. */
  readonly url: string;
}

/** The embedded demo database; needs no server. */
export interface DemoTarget {
  readonly engine: "demo";
}

/** A statistics bundle: plans like its source without reaching it, and holds no row. */
export interface BundleTarget {
  readonly engine: "bundle";
  /** Of the file, absolute. */
  readonly path: string;
}

export type ConnectionTarget =
  PostgresTarget | MongoTarget | DemoTarget | BundleTarget;

export interface ConnectionProfile {
  readonly id: string;
  readonly name: string;
  readonly color: string | undefined;
  readonly environment: Environment;
  readonly target: ConnectionTarget;
  readonly explainWhileTyping: boolean;
  readonly explainOnHover: boolean;
}
