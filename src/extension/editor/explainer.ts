import type * as vscode from "vscode";
import { createCatalogCache } from "../../app/catalog-cache.ts";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Database, DatabaseError } from "../../app/database.ts";
import type {
  ExplainedStatement,
  ExplainFailure,
  ExplainPorts,
} from "../../app/explain-statement.ts";
import type { Advice } from "../../core/advice/suggestion.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import type { SqlParser } from "../../core/sql/parse.ts";
import { createSessionCache, type SessionCache } from "./session-cache.ts";

/** A plan, when it was made, and the advice once it is known. */
export interface Planned {
  readonly explained: ExplainedStatement;
  readonly plannedAt: number;
}

export type PlanOutcome = Result<Planned, ExplainFailure>;
export type AdviceOutcome = Result<Advice, ExplainFailure>;

/** Plans and suggestions of this session, per connection and text. */
export interface Explainer {
  /** Immediately, from the cache. */
  readonly peek: (
    profile: ConnectionProfile,
    text: string,
  ) => PlanOutcome | undefined;
  readonly peekAdvice: (
    profile: ConnectionProfile,
    text: string,
  ) => Advice | undefined;
  /** Loads the grammar and reads the statement, so that who plans it later waits for the server alone. Asks no server. */
  readonly read: (text: string) => Promise<void>;
  readonly plan: (
    profile: ConnectionProfile,
    text: string,
    signal: AbortSignal,
  ) => Promise<PlanOutcome>;
  /** Plans again, with the catalog as it is now; advice on a plan that has changed is forgotten. */
  readonly renew: (
    profile: ConnectionProfile,
    text: string,
    signal: AbortSignal,
  ) => Promise<PlanOutcome>;
  readonly advise: (
    profile: ConnectionProfile,
    text: string,
    signal: AbortSignal,
  ) => Promise<AdviceOutcome>;
  readonly ports: (
    profile: ConnectionProfile,
  ) => Promise<Result<ExplainPorts, DatabaseError>>;
  /** What was advised is no longer all that could be; who asks again is answered anew. */
  readonly forgetAdvice: () => void;
  readonly onDidChange: vscode.Event<void>;
}

/** What the explainer needs from the connections. */
export interface ExplainerNeeds {
  readonly open: (
    profile: ConnectionProfile,
  ) => Promise<Result<Database, DatabaseError>>;
  readonly parser: () => Promise<SqlParser>;
  readonly changed: Pick<vscode.EventEmitter<void>, "event" | "fire">;
  readonly now: () => number;
}

// Statistics move slowly; the hover says how old a plan is, and Explain renews it.
const planKeepMs = 5 * 60_000;
// Advice costs several plans, so it is kept longer; Explain renews both.
const adviceKeepMs = 10 * 60_000;
// Long enough that a hover does not knock again, short enough that a restarted server is noticed.
const failureKeepMs = 5_000;
const maximumEntries = 500;

/** An edited connection is another one: what the server before it answered is not shown as its own. */
const keyOf = ({ id, target }: ConnectionProfile, text: string): string =>
  `${JSON.stringify([id, target])}\u0000${text}`;

function keepFailureMs(failure: ExplainFailure): number {
  if (failure.kind === "parse") return adviceKeepMs;
  if (failure.kind === "database" && failure.error.kind === "cancelled")
    return 0;
  return failureKeepMs;
}

const keepFor =
  (successMs: number) =>
  (outcome: Result<unknown, ExplainFailure>): number =>
    outcome.ok ? successMs : keepFailureMs(outcome.error);

/** Opens ports per connection; a connection that was opened anew starts with an empty catalog. */
function createPorts(needs: ExplainerNeeds): {
  readonly of: Explainer["ports"];
  readonly forget: () => void;
} {
  const known = new Map<string, ExplainPorts>();
  return {
    of: async (profile) => {
      const opened = await needs.open(profile);
      if (!opened.ok) return opened;
      const before = known.get(profile.id);
      if (before?.database === opened.value) return succeeded(before);
      const ports: ExplainPorts = {
        database: opened.value,
        catalog: createCatalogCache(opened.value),
        parser: await needs.parser(),
      };
      known.set(profile.id, ports);
      return succeeded(ports);
    },
    forget: () => {
      for (const ports of known.values()) ports.catalog.forget();
    },
  };
}

/** The server counts in the text that was sent; people look at the text they wrote. */
function asWritten(
  statement: ParsedStatement,
  error: DatabaseError,
): ExplainFailure {
  return error.kind === "sql" && error.at !== undefined
    ? {
        kind: "database",
        error: { ...error, at: statement.toOriginal(error.at) },
      }
    : { kind: "database", error };
}

async function planOnce(
  needs: ExplainerNeeds,
  portsOf: Explainer["ports"],
  asked: { readonly profile: ConnectionProfile; readonly text: string },
  signal: AbortSignal,
): Promise<PlanOutcome> {
  // Read first: broken SQL needs no server to be told so.
  const parsed = (await needs.parser()).parse(asked.text);
  if (!parsed.ok) return failed({ kind: "parse", failure: parsed.error });
  const ports = await portsOf(asked.profile);
  if (!ports.ok) return failed({ kind: "database", error: ports.error });
  const { interpret } = await import("../../app/explain-statement.ts");
  const answer = await ports.value.database.explain(
    parsed.value,
    undefined,
    signal,
  );
  if (!answer.ok) return failed(asWritten(parsed.value, answer.error));
  const explained = await interpret(ports.value, parsed.value, answer.value, {
    advise: false,
    signal,
  });
  return explained.ok
    ? succeeded({ explained: explained.value, plannedAt: needs.now() })
    : explained;
}

/** What needs no plan. */
const withoutPlan = (
  needs: ExplainerNeeds,
): Pick<Explainer, "read" | "onDidChange"> => ({
  read: async (text) => {
    // The parser remembers what it read.
    (await needs.parser()).parse(text);
  },
  onDidChange: needs.changed.event,
});

/** What makes an advice: a plan, an open database, and the advisor. */
async function adviseOnce(
  plan: Explainer["plan"],
  portsOf: Explainer["ports"],
  asked: { readonly profile: ConnectionProfile; readonly text: string },
  signal: AbortSignal,
): Promise<AdviceOutcome> {
  const planned = await plan(asked.profile, asked.text, signal);
  if (!planned.ok) return planned;
  const opened = await portsOf(asked.profile);
  if (!opened.ok) return failed({ kind: "database", error: opened.error });
  const { adviseOn } = await import("../../app/advise-statement.ts");
  const advice = await adviseOn(opened.value, planned.value.explained, signal);
  return advice.ok ? advice : failed({ kind: "database", error: advice.error });
}

function createCaches(now: () => number): {
  readonly plans: SessionCache<PlanOutcome>;
  readonly advices: SessionCache<AdviceOutcome>;
} {
  return {
    plans: createSessionCache<PlanOutcome>({
      maximumEntries,
      keepMs: keepFor(planKeepMs),
      now,
    }),
    advices: createSessionCache<AdviceOutcome>({
      maximumEntries,
      keepMs: keepFor(adviceKeepMs),
      now,
    }),
  };
}

const valueOf = (outcome: AdviceOutcome | undefined): Advice | undefined =>
  outcome?.ok === true ? outcome.value : undefined;

const fromCaches = ({
  plans,
  advices,
}: ReturnType<typeof createCaches>): Pick<
  Explainer,
  "peek" | "peekAdvice" | "forgetAdvice"
> => ({
  peek: (profile, text) => plans.peek(keyOf(profile, text)),
  peekAdvice: (profile, text) => valueOf(advices.peek(keyOf(profile, text))),
  forgetAdvice: advices.clear,
});

/** Awaits the work, and tells after the caches have kept it, so that whoever looks again finds it. */
async function announce<Outcome>(
  work: Promise<Outcome>,
  changed: ExplainerNeeds["changed"],
): Promise<Outcome> {
  const outcome = await work;
  setTimeout(() => {
    changed.fire();
  }, 0);
  return outcome;
}

/**
 * Cancelling on an embedded database ends its process, and a person who moves the mouse has asked for no such thing:
 * what was begun there is finished. Analyze has its own signal and its own Cancel.
 */
const signalFor = (
  profile: ConnectionProfile,
  load: AbortSignal,
): AbortSignal =>
  profile.target.engine === "demo" || profile.target.engine === "bundle"
    ? new AbortController().signal
    : load;

const costOf = (outcome: PlanOutcome | undefined): number | undefined =>
  outcome?.ok === true
    ? outcome.value.explained.plan.root.estimate?.totalCost
    : undefined;

export function createExplainer(needs: ExplainerNeeds): Explainer {
  const { plans, advices } = createCaches(needs.now);
  const ports = createPorts(needs);
  const plan: Explainer["plan"] = (profile, text, signal) => {
    const load = (given: AbortSignal): Promise<PlanOutcome> =>
      planOnce(needs, ports.of, { profile, text }, signalFor(profile, given));
    return plans.get(
      keyOf(profile, text),
      (given) => announce(load(given), needs.changed),
      signal,
    );
  };
  const advise: Explainer["advise"] = (profile, text, signal) => {
    const load = (given: AbortSignal): Promise<AdviceOutcome> =>
      adviseOnce(plan, ports.of, { profile, text }, signalFor(profile, given));
    return advices.get(
      keyOf(profile, text),
      (given) => announce(load(given), needs.changed),
      signal,
    );
  };
  const renew: Explainer["renew"] = async (profile, text, signal) => {
    const key = keyOf(profile, text);
    const before = costOf(plans.peek(key));
    ports.forget();
    plans.drop(key);
    const outcome = await plan(profile, text, signal);
    if (costOf(outcome) !== before) advices.drop(key);
    return outcome;
  };
  return {
    ...withoutPlan(needs),
    ...fromCaches({ plans, advices }),
    plan,
    renew,
    advise,
    ports: ports.of,
  };
}
