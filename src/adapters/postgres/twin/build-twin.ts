import type { PostgresTarget } from "../../../app/connection.ts";
import type { Answer } from "../../../app/database.ts";
import { quoteIdentifier } from "../../../core/sql/quote-identifier.ts";
import { quoteLiteral } from "../../../core/sql/quote-literal.ts";
import { failed, succeeded } from "../../../core/result.ts";
import type { Bundle } from "../../../core/twin/bundle.ts";
import type { ParseTree } from "../../../core/twin/check-ddl.ts";
import {
  planBuild,
  type BuildPlan,
  type Remark,
} from "../../../core/twin/plan-build.ts";
import { findExcess } from "../../../core/twin/relation-file.ts";
import { phrase } from "../../../core/words.ts";
import { mapError, readError } from "../errors.ts";
import { openSession, type Session } from "../session.ts";
import { createObjects } from "./create-objects.ts";
import { growFiles, isDataFolder, type FilePlace } from "./grow-files.ts";
import { openOwnDatabase, type OwnDatabase } from "./own-database.ts";
import type { TwinPlace } from "./place.ts";
import { readRelationFiles } from "./relation-files.ts";
import { renewing } from "./renewing.ts";
import { writeExtendedStatistics } from "./write-extended.ts";
import {
  writeColumnStatistics,
  writeRelationStatistics,
} from "./write-statistics.ts";

/** A database that plans like the source and holds no row. */
export interface BuiltTwin {
  /** For plans: the twin's own role, who may do nothing outside its database. */
  readonly target: PostgresTarget;
  readonly adminTarget: PostgresTarget;
  readonly files: FilePlace;
  /** What the source has and the twin has not. */
  readonly remarks: readonly Remark[];
  /** From the first object to the last file, without making the database. */
  readonly buildMs: number;
  /** Ends its sessions and drops the database; what else is connected to it is cut. */
  readonly drop: () => Promise<void>;
  /** For building trial indexes; they were opened before the settings were there. */
  readonly admin: Session;
  readonly owner: Session;
  /** For plans, with the source's settings. */
  readonly planner: Session;
}

async function createExtensions(
  session: Session,
  extensions: BuildPlan["extensions"],
): Promise<readonly Remark[]> {
  const remarks: Remark[] = [];
  for (const { name, schema } of extensions) {
    try {
      await session.run(
        `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`,
      );
      await session.run(
        `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} SCHEMA ${quoteIdentifier(schema)} CASCADE`,
      );
    } catch (error) {
      if (session.isLost()) throw error;
      remarks.push({
        what: phrase("extension {0}", name),
        why: readError(error).message,
      });
    }
  }
  return remarks;
}

async function applySettings(
  own: OwnDatabase,
  settings: BuildPlan["settings"],
): Promise<readonly Remark[]> {
  const known = await own.admin.run(
    `SELECT /* planlens */ s.name FROM pg_settings s JOIN json_to_recordset($1::json) AS x(name text, value text)
     ON lower(x.name) = lower(s.name) WHERE s.setting IS DISTINCT FROM x.value`,
    [JSON.stringify(settings.map(([name, value]) => ({ name, value })))],
  );
  const differing = new Set(known.map((row) => row["name"]?.toLowerCase()));
  const remarks: Remark[] = [];
  for (const [name, value] of settings) {
    if (!differing.has(name.toLowerCase())) continue;
    try {
      await own.set(name, renderValue(name, value));
    } catch (error) {
      if (own.admin.isLost()) throw error;
      remarks.push({
        what: phrase("setting {0}", name),
        why: readError(error).message,
      });
    }
  }
  return remarks;
}

/** A list such as search_path is one value of quotes already; anything else becomes one literal. */
function renderValue(name: string, value: string): string {
  if (name.toLowerCase() !== "search_path") return quoteLiteral(value);
  const schemas = value.split(",").map((item) => item.trim());
  return schemas
    .map((item) =>
      quoteIdentifier(item.replace(/^"(.*)"$/, "$1").replaceAll('""', '"')),
    )
    .join(", ");
}

async function findFiles(admin: Session, place: TwinPlace): Promise<FilePlace> {
  const [row] = await admin.run(
    "SELECT /* planlens */ current_setting('data_directory') AS folder, current_setting('data_checksums') AS sums",
  );
  return {
    dataFolder: place.dataFolder ?? row?.["folder"] ?? "",
    withChecksums: row?.["sums"] === "on",
  };
}

/**
 * Foreign keys and the like are planned when they are made, so the server has read the first pages of B-trees
 * and keeps them. An index made anew has a file that it has not read: that one can be changed on disk.
 */
async function makeTreesAnew(own: OwnDatabase, bundle: Bundle): Promise<void> {
  const files = await readRelationFiles(own.admin, bundle.relations);
  const steps = files
    .filter(({ treeLevel = 0 }) => treeLevel > 0)
    .map(({ schema, name }) => ({
      text: `REINDEX INDEX ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
    }));
  if (steps.length > 0) await own.owner.send({ steps });
}

async function fill(
  own: OwnDatabase,
  bundle: Bundle,
  plan: BuildPlan,
  files: FilePlace,
): Promise<readonly Remark[]> {
  const { admin, owner } = own;
  const remarks = [
    ...(await createExtensions(admin, plan.extensions)),
    ...(await createObjects(owner, plan.structure)),
  ];
  remarks.push(...(await writeColumnStatistics(admin, bundle.columns)));
  remarks.push(...(await writeExtendedStatistics(own, bundle.extended)));
  remarks.push(...(await createObjects(owner, plan.afterStatistics)));
  await makeTreesAnew(own, bundle);
  await writeRelationStatistics(admin, bundle.relations);
  await admin.run("CHECKPOINT");
  await growFiles(await readRelationFiles(admin, bundle.relations), files);
  return remarks;
}

const connectLimitMs = 4900;

interface Planner {
  readonly session: Session;
  readonly close: () => Promise<void>;
}

/** The only session of an embedded server is the twin's own, which ends with it. */
async function openPlanner(
  own: OwnDatabase,
  place: TwinPlace,
): Answer<Planner> {
  const { admin } = own;
  if (place.singleSession)
    return succeeded({ session: admin, close: () => Promise.resolve() });
  const open = (): Answer<Session> =>
    openSession(own.ownerTarget, place.password, connectLimitMs);
  const first = await open();
  return first.ok ? succeeded(renewing(first.value, open)) : first;
}

async function build(
  own: OwnDatabase,
  bundle: Bundle,
  plan: BuildPlan,
  place: TwinPlace,
): Answer<BuiltTwin> {
  const files = await findFiles(own.admin, place);
  if (!(await isDataFolder(files.dataFolder)))
    return failed({
      kind: "misconfigured",
      message: phrase(
        "The server's data folder {0} cannot be read from here, and a twin lets its files grow there",
        files.dataFolder,
      ),
    });
  const startedAt = performance.now();
  const settings = await applySettings(own, plan.settings);
  const remarks = await fill(own, bundle, plan, files);
  const buildMs = performance.now() - startedAt;
  const planner = await openPlanner(own, place);
  if (!planner.ok) return planner;
  return succeeded({
    target: own.ownerTarget,
    adminTarget: own.adminTarget,
    files,
    remarks: [...plan.refused, ...own.remarks, ...settings, ...remarks],
    buildMs,
    drop: async () => {
      await planner.value.close();
      await own.drop();
    },
    admin: own.admin,
    owner: own.owner,
    planner: planner.value.session,
  });
}

/**
 * Builds the twin of a bundle on a server of one's own. Every statement of the bundle is read with
 * PostgreSQL's grammar and sent only when it is of a form that makes schema; it runs with the rights of a role
 * that owns nothing but the twin. Nothing is left behind when this fails.
 */
export async function buildTwin(
  bundle: Bundle,
  place: TwinPlace,
  parse: ParseTree,
): Answer<BuiltTwin> {
  const excess = findExcess(bundle.relations);
  if (excess !== undefined)
    return failed({
      kind: "misconfigured",
      message: phrase(
        "The bundle names tables and indexes of {0} TB; a twin grows files for up to {1} TB. Export fewer schemas",
        String(excess.asked),
        String(excess.most),
      ),
    });
  const plan = planBuild(bundle, parse);
  const own = await openOwnDatabase(place, bundle);
  if (!own.ok) return own;
  try {
    const built = await build(own.value, bundle, plan, place);
    if (!built.ok) await own.value.drop();
    return built;
  } catch (error) {
    await own.value.drop();
    return failed(
      mapError(error, {
        target: place.target,
        elapsedMs: 0,
        aborted: false,
        phase: "run",
      }),
    );
  }
}
