import type { CatalogColumn } from "../../catalog.ts";
import { escapePattern } from "../../escape-pattern.ts";
import { withoutLiterals } from "../../plan/expression-columns.ts";
import { isRelabelled } from "../../plan/relabelled.ts";
import { planAliasOf } from "../../plan/references.ts";
import { walk } from "../../plan/walk.ts";
import type { Examined } from "./examined.ts";

/** The type to which the server casts the column in a condition of its own making; undefined when it compares the column as it is. */
export function findCast(
  examined: Examined,
  column: CatalogColumn,
): string | undefined {
  const nodes = [...walk(examined.plan)];
  const aliases = new Set([
    ...examined.references.map(({ alias, name }) => alias ?? name),
    ...nodes
      .filter(({ relation }) => relation?.name === examined.table.name)
      .map((node) => planAliasOf(node) ?? ""),
  ]);
  const qualifier = [...aliases].map(
    (alias) => `"?${escapePattern(alias)}"?\\.`,
  );
  const cast = new RegExp(
    `\\((?:${qualifier.join("|")})?"?${escapePattern(column.name)}"?\\)::([a-z][a-z ]*[a-z0-9])`,
    "u",
  );
  for (const { conditions } of nodes)
    for (const { expression } of conditions) {
      const type = cast.exec(withoutLiterals(expression))?.[1];
      if (type !== undefined && !isRelabelled(column, type)) return type;
    }
  return undefined;
}
