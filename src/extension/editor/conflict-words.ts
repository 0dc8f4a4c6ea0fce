import { l10n } from "vscode";
import type { Conflict } from "../../core/migrations/conflicts.ts";

/** One sentence: what stands against the migration. */
export function conflictWords(conflict: Conflict): string {
  switch (conflict.kind) {
    case "nameTaken":
      return l10n.t("The name {0} is taken in the database.", conflict.name);
    case "nameInMigration":
      return l10n.t(
        "{0} already creates an index named {1}.",
        conflict.path,
        conflict.name,
      );
    case "alreadyServed":
      return conflict.isSame
        ? l10n.t("The index {0} is the same.", conflict.by)
        : l10n.t("The index {0} already does this work.", conflict.by);
    case "invalidLeftover":
      return l10n.t(
        "An INVALID index {0} is left from a build that failed; drop it first.",
        conflict.name,
      );
    case "tableInSameSet":
      return l10n.t(
        "{0} creates the table {1} and is perhaps not applied yet.",
        conflict.path,
        conflict.table,
      );
    case "partitionedParent":
      return l10n.t(
        "{0} is partitioned: PostgreSQL refuses CONCURRENTLY on it, so the index is built without.",
        conflict.table,
      );
  }
}
