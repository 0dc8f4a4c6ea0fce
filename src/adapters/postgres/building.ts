import type { Answer, WhatIfAnswer } from "../../app/database.ts";
import { quoteIdentifier } from "../../core/sql/quote-identifier.ts";
import type { IndexDefinition } from "../../core/advice/suggestion.ts";
import { failed } from "../../core/result.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { readError } from "./errors.ts";
import { rollBack } from "./analyze.ts";
import { countParameters, findPreparation } from "./prepare.ts";
import type { Session } from "./session.ts";
import {
  buildIndex,
  buildLimitMs,
  ddlOf,
  isRefusal,
  planWithTrials,
  refused,
  type Trial,
  type TrialPlanning,
} from "./trial-index.ts";

/** Real indexes in one transaction that is rolled back in the end. */
export interface Building {
  readonly plan: (
    statement: ParsedStatement,
    indexes: readonly IndexDefinition[],
  ) => Answer<WhatIfAnswer>;
  readonly close: () => Promise<void>;
}

interface Built extends Trial {
  readonly schema: string;
}

class OpenBuilding implements Building {
  readonly #session: Session;
  readonly #planning: TrialPlanning;
  /** By DDL. */
  readonly #built = new Map<string, Built>();
  /** What is prepared must be so before the transaction: a refusal would end it. */
  readonly #prepared = new Set<string>();
  #isOpen = false;
  #made = 0;

  constructor(session: Session, values: TrialPlanning["values"]) {
    this.#session = session;
    this.#planning = { values, state: "open" };
  }

  async #begin(statement: ParsedStatement): Promise<void> {
    const isReady =
      countParameters(statement) === 0 || this.#prepared.has(statement.sql);
    if (!isReady) {
      await this.close();
      await findPreparation(this.#session, statement);
      this.#prepared.add(statement.sql);
    }
    if (this.#isOpen) return;
    await this.#session.run("BEGIN READ WRITE");
    this.#isOpen = true;
    await this.#session.run(`SET LOCAL statement_timeout = ${buildLimitMs}`);
  }

  /** A refused build would end the transaction, so each has a savepoint to go back to. */
  async #build(index: IndexDefinition): Promise<Built> {
    const { schema } = index;
    this.#made += 1;
    await this.#session.run("SAVEPOINT planlens_build");
    try {
      const name = `planlens_trial_${this.#made}`;
      const built = await buildIndex(this.#session, index, name);
      await this.#session.run("RELEASE SAVEPOINT planlens_build");
      return { ...built, schema };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await this.#session.run("ROLLBACK TO SAVEPOINT planlens_build");
      return { ...refused, schema };
    }
  }

  async #find(indexes: readonly IndexDefinition[]): Promise<readonly Built[]> {
    const found: Built[] = [];
    for (const index of indexes) {
      const ddl = ddlOf(index);
      const built = this.#built.get(ddl) ?? (await this.#build(index));
      this.#built.set(ddl, built);
      found.push(built);
    }
    return found;
  }

  /** Those that are not asked for are dropped, and are back when the savepoint is. */
  async #planWith(
    statement: ParsedStatement,
    asked: readonly Built[],
  ): Answer<WhatIfAnswer> {
    const others = [...this.#built.values()].flatMap((built) =>
      built.name === undefined || asked.includes(built)
        ? []
        : [`${quoteIdentifier(built.schema)}.${built.name}`],
    );
    await this.#session.run("SAVEPOINT planlens_plan");
    try {
      if (others.length > 0)
        await this.#session.run(`DROP INDEX ${others.join(", ")}`);
      const planning = this.#planning;
      return await planWithTrials(this.#session, statement, asked, planning);
    } finally {
      if (!this.#session.isLost())
        await this.#session.run("ROLLBACK TO SAVEPOINT planlens_plan");
    }
  }

  async plan(
    statement: ParsedStatement,
    indexes: readonly IndexDefinition[],
  ): Answer<WhatIfAnswer> {
    try {
      await this.#begin(statement);
      return await this.#planWith(statement, await this.#find(indexes));
    } catch (error) {
      await this.close();
      if (!isRefusal(error)) throw error;
      return failed({ kind: "unsupported", message: readError(error).message });
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#built.clear();
    if (!this.#session.isLost()) await rollBack(this.#session);
  }
}

/**
 * Plans with real indexes, each built once and kept until the end in a transaction that nobody else
 * sees. The session must not be used for anything else before it is closed.
 */
export const openBuilding = (
  session: Session,
  values: TrialPlanning["values"],
): Building => new OpenBuilding(session, values);
