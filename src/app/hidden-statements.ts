import { phrase, type Text } from "../core/words.ts";
import type { SlowQueries } from "./database.ts";

/** How many statements a role does not see, and what shows them; undefined where it sees all. */
export const tellHiddenStatements = ({
  hidden,
}: Pick<SlowQueries, "hidden">): Text | undefined =>
  hidden === undefined
    ? undefined
    : phrase(
        "Statements of other roles that pg_stat_statements hides from this one, and that are left out: {0}. Have this run: {1}",
        String(hidden.statements),
        hidden.remedy,
      );
