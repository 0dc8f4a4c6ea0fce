import { words } from "../../core/words.ts";
import type {
  ConnectionProfile,
  MongoTarget,
  PostgresTarget,
} from "../../app/connection.ts";
import type {
  Answer,
  Database,
  DatabaseError,
  SendLog,
  ServerInfo,
} from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { TwinHost } from "../twin/twin-host.ts";
import type { DemoHost } from "./demo-host.ts";
import type { Passwords } from "./passwords.ts";
import type { OpenDatabase } from "./pool.ts";
import type { TestProfile } from "./form/review.ts";

// The drivers are loaded when a connection is first opened: activation stays short.

/** What opening needs from its surroundings. */
export interface OpenerPorts {
  readonly passwords: Passwords;
  readonly demo: DemoHost;
  readonly twins: TwinHost;
  readonly log: SendLog;
  /** For servers whose password nobody entered: PGPASSWORD, pgpass. */
  readonly findPassword: (
    target: PostgresTarget,
  ) => Promise<string | undefined>;
}

async function openServer(
  profile: ConnectionProfile,
  target: PostgresTarget,
  ports: OpenerPorts,
): Promise<Result<Database, DatabaseError>> {
  const { openPostgres } = await import("../../adapters/postgres/open.ts");
  // Asked for each session, so that a password entered later is used without opening anew.
  const password = async (): Promise<string | undefined> =>
    (await ports.passwords.get(profile)) ?? (await ports.findPassword(target));
  const { name } = profile;
  const live = openPostgres(target, { name, password, log: ports.log });
  return succeeded(ports.twins.beside(live, profile, { target, password }));
}

async function openDemo(
  profile: ConnectionProfile,
  ports: OpenerPorts,
): Promise<Result<Database, DatabaseError>> {
  const demo = await ports.demo.start();
  if (!demo.ok) return demo;
  const { openPostgres } = await import("../../adapters/postgres/open.ts");
  return succeeded(
    openPostgres(demo.value.target, {
      name: profile.name,
      password: () => Promise.resolve(undefined),
      log: ports.log,
      whatIfByBuilding: true,
      singleSession: true,
      onCancel: () => demo.value.restart(),
    }),
  );
}

async function testMongoTarget(
  target: MongoTarget,
  password: string | undefined,
  signal: AbortSignal,
): Answer<ServerInfo> {
  const { testMongo } =
    await import("../../adapters/mongodb/test-connection.ts");
  return testMongo(target.url, password, signal);
}

/** MongoDB can be named and tested; everything else says that it is not read yet. */
function mongoDatabase(
  profile: ConnectionProfile,
  target: MongoTarget,
  passwords: Passwords,
): Database {
  const unsupported = (): Answer<never> =>
    Promise.resolve(
      failed({
        kind: "unsupported",
        message: words(
          "Plans are read from PostgreSQL; this connection is MongoDB",
        ),
      }),
    );
  return {
    info: async (signal) =>
      testMongoTarget(target, await passwords.get(profile), signal),
    explain: unsupported,
    analyze: unsupported,
    describeParameters: unsupported,
    effects: unsupported,
    catalog: unsupported,
    openWhatIf: () => ({ plan: unsupported, close: () => Promise.resolve() }),
    explainWith: unsupported,
    plannerFacts: unsupported,
    slowQueries: unsupported,
    indexUse: unsupported,
    close: () => Promise.resolve(),
  };
}

/** Opens any kind of connection; loads its driver first. */
export function createOpener(ports: OpenerPorts): OpenDatabase {
  return async (profile) => {
    switch (profile.target.engine) {
      case "postgres":
        return openServer(profile, profile.target, ports);
      case "mongodb":
        return succeeded(
          mongoDatabase(profile, profile.target, ports.passwords),
        );
      case "demo":
        return openDemo(profile, ports);
      case "bundle":
        return ports.twins.open(profile, profile.target.path);
    }
  };
}

/** What the bundle tells of its source; no server is started for that. */
async function testBundle(file: string): Answer<ServerInfo> {
  const { readBundleFile } = await import("../twin/open-bundle.ts");
  const bundle = await readBundleFile(file);
  if (!bundle.ok)
    return failed({ kind: "misconfigured", message: bundle.error });
  const { versionNumber, versionText } = bundle.value.server;
  return succeeded({
    engine: "postgres",
    versionNumber,
    versionText,
    hypopgVersion: undefined,
    whatIf: "twin",
    isReadOnlyReplica: false,
  });
}

/** Tests a profile that may not be saved yet, with the password as typed. */
export function createTester(
  ports: Pick<OpenerPorts, "log" | "findPassword">,
): TestProfile {
  return async ({ name, target }, password, signal) => {
    switch (target.engine) {
      case "mongodb":
        return testMongoTarget(target, password, signal);
      case "demo":
        return failed({
          kind: "unsupported",
          message: words("The demo database needs no test"),
        });
      case "bundle":
        return testBundle(target.path);
      case "postgres": {
        const { openPostgres } =
          await import("../../adapters/postgres/open.ts");
        const database = openPostgres(target, {
          name,
          password: async () => password ?? ports.findPassword(target),
          log: ports.log,
        });
        const answer = await database.info(signal);
        await database.close();
        return answer;
      }
    }
  };
}
