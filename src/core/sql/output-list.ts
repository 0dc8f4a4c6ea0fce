import {
  findColumnNames,
  hasAggregate,
  readExpression,
  readWrapped,
} from "./expressions.ts";
import { findComputed, findOrigins, readColumnName } from "./scope-columns.ts";
import type { ColumnName, Origin, Reading, Scope } from "./scopes.ts";
import { bodyOf, readList, readText } from "./syntax-tree.ts";

/** `*` or `t.*`, with the qualifier when there is one; undefined for anything else. */
function readStar(
  value: unknown,
): { readonly qualifier: string | undefined } | undefined {
  const body = bodyOf(value, "ColumnRef");
  const fields = body === undefined ? [] : readList(body, "fields");
  if (bodyOf(fields.at(-1), "A_Star") === undefined) return undefined;
  const name = bodyOf(fields.at(-2), "String");
  return { qualifier: name && readText(name, "sval") };
}

/** Notes where an item of the output list comes from, for those who read this query as a table. */
function noteOutput(
  reading: Reading,
  scope: Scope,
  target: unknown,
  star: ReturnType<typeof readStar>,
): void {
  if (star !== undefined) {
    const sources = scope.sources.filter(
      ({ name }) => star.qualifier === undefined || star.qualifier === name,
    );
    scope.outputs.push({ kind: "star", sources });
    return;
  }
  const body = bodyOf(target, "ResTarget");
  const value = body?.["val"];
  const plain = readColumnName(reading, value);
  scope.outputs.push({
    kind: "column",
    name: (body && readText(body, "name")) ?? plain?.column,
    origins:
      plain === undefined
        ? originsOfExpression(reading, scope, value)
        : findOrigins(scope, plain),
  });
}

/** None for what only grouping or a window tells. */
function originsOfExpression(
  reading: Reading,
  scope: Scope,
  value: unknown,
): readonly Origin[] {
  if (hasAggregate(value)) return [];
  const names = findColumnNames(reading, value);
  return names.length === 0
    ? []
    : findComputed(scope, readWrapped(reading, value, names));
}

/** Notes the output list; gives the output column when it is a single plain one. */
export function readOutput(
  reading: Reading,
  scope: Scope,
  targets: readonly unknown[],
): ColumnName | undefined {
  for (const target of targets) {
    const value = bodyOf(target, "ResTarget")?.["val"];
    const star = readStar(value);
    noteOutput(reading, scope, target, star);
    if (star !== undefined)
      reading.constructs.push({
        kind: "selectStar",
        span: reading.text.nodeSpan(value),
        scope: scope.id,
        ...star,
      });
    else readExpression(reading, scope, value, { role: "output" });
  }
  const only =
    targets.length === 1 ? bodyOf(targets[0], "ResTarget") : undefined;
  return readColumnName(reading, only?.["val"]);
}

const withoutRepeats = (origins: readonly Origin[]): readonly Origin[] => [
  ...new Map(
    origins.map((origin) => [`${origin.table} ${origin.column}`, origin]),
  ).values(),
];

/** A set operation's columns are named by its first branch and fed by all, place by place. */
export function noteBranchOutputs(scope: Scope, branch: Scope): void {
  for (const [at, output] of branch.outputs.entries()) {
    const known = scope.outputs[at];
    if (output.kind === "star" || known === undefined)
      scope.outputs.push(output);
    else if (known.kind === "column")
      scope.outputs[at] = {
        ...known,
        origins: withoutRepeats([...known.origins, ...output.origins]),
      };
  }
}
