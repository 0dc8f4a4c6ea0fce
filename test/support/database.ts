import type { Database } from "../../src/app/database.ts";

const unasked = (): never => {
  throw new Error("the test gave no answer to what was asked of its database");
};

/** A database that answers with what the test gives it; whatever else is asked of it fails the test. */
export const databaseWith = (answers: Partial<Database>): Database => ({
  info: unasked,
  explain: unasked,
  analyze: unasked,
  describeParameters: unasked,
  effects: unasked,
  catalog: unasked,
  openWhatIf: unasked,
  explainWith: unasked,
  plannerFacts: unasked,
  slowQueries: unasked,
  indexUse: unasked,
  close: unasked,
  ...answers,
});
