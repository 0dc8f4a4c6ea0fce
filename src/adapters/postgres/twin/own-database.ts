import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { PostgresTarget } from "../../../app/connection.ts";
import type { Answer, DatabaseError } from "../../../app/database.ts";
import { failed, succeeded } from "../../../core/result.ts";
import { quoteLiteral } from "../../../core/sql/quote-literal.ts";
import type { Bundle, DatabaseLocale } from "../../../core/twin/bundle.ts";
import type { Remark } from "../../../core/twin/plan-build.ts";
import { phrase, words, type Text } from "../../../core/words.ts";
import { mapError, readError } from "../errors.ts";
import type { Session } from "../session.ts";
import type { TwinPlace } from "./place.ts";
import { renewing } from "./renewing.ts";
import { openWriter } from "./writer.ts";

/** Creates and owns what a bundle brings, and plans: what the bundle's functions may do ends where its rights end. */
const twinRole = "planlens_twin";

/** A database of one's own for one twin. */
export interface OwnDatabase {
  /** Superuser and the twin's role, on the twin's database; the same session where there is only one. */
  readonly admin: Session;
  readonly owner: Session;
  readonly adminTarget: PostgresTarget;
  readonly ownerTarget: PostgresTarget;
  readonly remarks: readonly Remark[];
  /** Sets a planner setting, in SQL's words, for every session from now on; rejects with the driver's error. */
  readonly set: (name: string, value: string) => Promise<void>;
  /** Ends the sessions and drops the database. */
  readonly drop: () => Promise<void>;
}

/** Clauses of CREATE DATABASE that make texts compare as at the source. */
function renderLocale(
  locale: DatabaseLocale,
  versionNumber: number,
): string | undefined {
  const common = `ENCODING ${quoteLiteral(locale.encoding)} LC_COLLATE ${quoteLiteral(locale.collate)} LC_CTYPE ${quoteLiteral(locale.ctype)}`;
  if (locale.provider === "libc")
    return versionNumber >= 150_000 ? `${common} LOCALE_PROVIDER libc` : common;
  const name = quoteLiteral(locale.locale ?? "");
  if (locale.provider === "icu" && versionNumber >= 150_000)
    return `${common} LOCALE_PROVIDER icu ICU_LOCALE ${name}`;
  if (locale.provider === "builtin" && versionNumber >= 170_000)
    return `${common} LOCALE_PROVIDER builtin BUILTIN_LOCALE ${name}`;
  return undefined;
}

const otherLocale = (locale: DatabaseLocale, why: Text): Remark => ({
  what: phrase(
    "locale {0} ({1}, {2})",
    locale.locale ?? locale.collate,
    locale.provider,
    locale.encoding,
  ),
  why: phrase(
    "{0}; texts compare as on the twin's server, so estimates of text ranges may differ",
    why,
  ),
});

async function createDatabase(
  session: Session,
  name: string,
  locale: DatabaseLocale | undefined,
): Promise<readonly Remark[]> {
  const create = `CREATE DATABASE ${name} OWNER ${twinRole} TEMPLATE template0`;
  // ENCODING is named: template0 of a server of another encoding would refuse texts of the bundle.
  if (locale === undefined) {
    await session.run(create);
    return [];
  }
  const clauses = renderLocale(locale, session.versionNumber);
  let why: Text = words("this version does not have the provider");
  if (clauses !== undefined) {
    try {
      await session.run(`${create} ${clauses}`);
      return [];
    } catch (error) {
      if (session.isLost()) throw error;
      why = readError(error).message;
    }
  }
  await session.run(create);
  return [otherLocale(locale, why)];
}

async function createRole(
  session: Session,
  password: string | undefined,
): Promise<void> {
  const [row] = await session.run(
    "SELECT /* planlens */ 1 AS one FROM pg_roles WHERE rolname = $1",
    [twinRole],
  );
  const login = `ROLE ${twinRole} LOGIN NOSUPERUSER${password === undefined ? "" : ` PASSWORD ${quoteLiteral(password)}`}`;
  await session.run(`${row === undefined ? "CREATE" : "ALTER"} ${login}`);
}

async function dropDatabase(session: Session, name: string): Promise<void> {
  await session
    .run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    .catch(() => undefined);
}

interface Pair {
  readonly admin: Session;
  readonly owner: Session;
  readonly close: () => Promise<void>;
}

/**
 * The superuser's and the twin's own; when one of them cannot be opened there is neither. By the time that one is
 * opened again the database has the bundle's settings: with its search_path, names that the superuser writes could be
 * those of functions that the bundle has made.
 */
async function openPair(
  adminTarget: PostgresTarget,
  ownerTarget: PostgresTarget,
  password: string | undefined,
): Answer<Pair> {
  const admin = await openWriter(adminTarget, password);
  if (!admin.ok) return admin;
  const owner = await openWriter(ownerTarget, password);
  if (!owner.ok) {
    await admin.value.end();
    return owner;
  }
  const again = { searchPath: "public" };
  const ofAdmin = renewing(admin.value, () =>
    openWriter(adminTarget, password, again),
  );
  const ofOwner = renewing(owner.value, () =>
    openWriter(ownerTarget, password, again),
  );
  return succeeded({
    admin: ofAdmin.session,
    owner: ofOwner.session,
    close: async () => {
      await ofOwner.close();
      await ofAdmin.close();
    },
  });
}

async function openBoth(
  place: TwinPlace,
  maintenance: Session,
  bundle: Bundle,
): Answer<OwnDatabase> {
  const name = `planlens_twin_${randomBytes(6).toString("hex")}`;
  await createRole(maintenance, place.password);
  const remarks = await createDatabase(maintenance, name, bundle.locale);
  const adminTarget = { ...place.target, database: name };
  const ownerTarget = { ...adminTarget, user: twinRole };
  const pair = await openPair(adminTarget, ownerTarget, place.password);
  if (!pair.ok) {
    await dropDatabase(maintenance, name);
    return pair;
  }
  const { admin, owner, close } = pair.value;
  return succeeded({
    admin,
    owner,
    adminTarget,
    ownerTarget,
    remarks,
    set: async (setting, value) => {
      await admin.run(`ALTER DATABASE ${name} SET ${setting} = ${value}`);
    },
    drop: async () => {
      await close();
      const last = await openWriter(place.target, place.password);
      if (!last.ok) return;
      await dropDatabase(last.value, name);
      await last.value.end();
    },
  });
}

/** One backend has one read-only setting, and other clients switch it on. */
function keepWritable(session: Session): Session {
  const open = (): Promise<unknown> =>
    session.run(
      "SELECT /* planlens */ set_config('default_transaction_read_only', 'off', false)",
    );
  return {
    ...session,
    run: async (text, values) => {
      // A failed transaction takes nothing else.
      if (text !== "ROLLBACK") await open();
      return session.run(text, values);
    },
    send: async (request) => {
      await open();
      return session.send(request);
    },
  };
}

/** As long as connecting may take anywhere. */
const startLimitMs = 4900;
const betweenAttemptsMs = 100;

/** The one backend is the server's own process: when that has ended, nothing listens until it is started again. */
async function openPatiently(place: TwinPlace): Answer<Session> {
  const startedAt = performance.now();
  for (;;) {
    const opened = await openWriter(place.target, place.password);
    const isStarting = !opened.ok && opened.error.kind === "unreachable";
    if (!isStarting || performance.now() - startedAt > startLimitMs)
      return opened;
    await delay(betweenAttemptsMs);
  }
}

const errorAt = ({ target }: TwinPlace, error: unknown): DatabaseError =>
  mapError(error, { target, elapsedMs: 0, aborted: false, phase: "run" });

/** Ends the session when a setting is refused: without it, plans would be others. */
async function setAgain(
  place: TwinPlace,
  session: Session,
  settings: readonly string[],
): Answer<Session> {
  try {
    for (const sql of settings) await session.run(sql);
    return succeeded(session);
  } catch (error) {
    await session.end();
    return failed(errorAt(place, error));
  }
}

/** A session that stands by itself reads no settings of its database, so they are sent again to each. */
function shareOne(place: TwinPlace, session: Session): OwnDatabase {
  const settings: string[] = [];
  const renewed = renewing(session, async () => {
    const opened = await openPatiently(place);
    return opened.ok ? setAgain(place, opened.value, settings) : opened;
  });
  const only = keepWritable(renewed.session);
  return {
    admin: only,
    owner: only,
    adminTarget: place.target,
    ownerTarget: place.target,
    remarks: [],
    set: async (name, value) => {
      const sql = `SET ${name} = ${value}`;
      await only.run(sql);
      settings.push(sql);
    },
    drop: renewed.close,
  };
}

/** Makes the database that the twin is built in; its sessions may write. */
export async function openOwnDatabase(
  place: TwinPlace,
  bundle: Bundle,
): Answer<OwnDatabase> {
  const maintenance = await openWriter(place.target, place.password);
  if (!maintenance.ok) return maintenance;
  const session = maintenance.value;
  try {
    if (place.singleSession) return succeeded(shareOne(place, session));
    const made = await openBoth(place, session, bundle);
    await session.end();
    return made;
  } catch (error) {
    await session.end();
    return failed(errorAt(place, error));
  }
}
