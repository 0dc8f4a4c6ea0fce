import type { ParsedStatement, TableReference } from "../sql/statement.ts";
import type { TextSpan } from "../text-span.ts";
import type { PlanNode } from "./plan.ts";

/** A span of the sent text in the text as the user wrote it. */
export function toOriginalSpan(
  statement: ParsedStatement,
  span: TextSpan,
): TextSpan {
  const start = statement.toOriginal(span.start);
  return { start, end: Math.max(start, statement.toOriginal(span.end)) };
}

/** The name a scan goes by in the plan's conditions: the alias, made unique by the server with `_1`, `_2`, … */
export function planAliasOf(node: PlanNode): string | undefined {
  const alias = node.fields["Alias"];
  return typeof alias === "string" ? alias : node.relation?.name;
}

const nameOf = (reference: TableReference): string =>
  reference.alias ?? reference.name;

const isSameTable = (node: PlanNode, reference: TableReference): boolean =>
  reference.name === node.relation?.name &&
  (reference.schema === undefined ||
    node.relation.schema === undefined ||
    reference.schema === node.relation.schema);

const numberedAlias = /^(.*)_(\d+)$/u;

/**
 * A partition or child goes by its parent's name in the plan, numbered when there are several; its own name
 * stands nowhere in the statement.
 */
function findParentReference(
  alias: string,
  statement: ParsedStatement,
): TableReference | undefined {
  const base = numberedAlias.exec(alias)?.[1];
  const named = (name: string | undefined): TableReference | undefined =>
    statement.facts.tables.find((reference) => nameOf(reference) === name);
  return named(alias) ?? named(base);
}

/** Where the statement names the table a node reads, or its parent. Several mentions under one name are told apart by the server's numbering. */
export function findReference(
  node: PlanNode,
  statement: ParsedStatement,
): TableReference | undefined {
  if (node.relation === undefined) return undefined;
  const sameTable = statement.facts.tables.filter((reference) =>
    isSameTable(node, reference),
  );
  const alias = planAliasOf(node) ?? "";
  if (sameTable.length === 0) return findParentReference(alias, statement);
  const exact = sameTable.filter((reference) => nameOf(reference) === alias);
  if (exact[0] !== undefined) return exact[0];
  const numbered = numberedAlias.exec(alias);
  const base = sameTable.filter(
    (reference) => nameOf(reference) === numbered?.[1],
  );
  const position = Number(numbered?.[2] ?? 0);
  return (
    base[position] ??
    base[0] ??
    (sameTable.length === 1 ? sameTable[0] : undefined)
  );
}
