import { parse } from "pgsql-ast-parser";

/** What both readers must agree on, each list sorted. */
export interface Reading {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  /** `name asc`, `name desc nulls last`, of plain columns. */
  readonly sortKeys: readonly string[];
  readonly limits: readonly string[];
  /** Whether the outermost query has a LIMIT. */
  readonly isLimited: boolean;
  /** Columns directly under IS [NOT] NULL. */
  readonly nullTests: readonly string[];
  readonly functions: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null;

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

function each(
  value: unknown,
  enter: (fields: Fields, key: string) => void,
  key = "",
): void {
  if (!isFields(value)) return;
  if (!Array.isArray(value)) enter(value, key);
  for (const [name, child] of Object.entries(value))
    each(child, enter, Array.isArray(value) ? key : name);
}

const text = (value: unknown): string =>
  typeof value === "string" ? value : "";

const qualified = (name: Fields): string =>
  [text(name["schema"]), text(name["name"])]
    .filter((part) => part !== "")
    .join(".");

const integer = (value: unknown): string => {
  const { type, value: number } = fieldsOf(value);
  return type === "integer" ? String(number) : "?";
};

const sortKey = (item: unknown): readonly string[] => {
  const { by, order, nulls } = fieldsOf(item);
  const reference = fieldsOf(by);
  if (reference["type"] !== "ref") return [];
  const direction = order === "DESC" ? "desc" : "asc";
  const end = typeof nulls === "string" ? ` nulls ${nulls.toLowerCase()}` : "";
  return [`${text(reference["name"])} ${direction}${end}`];
};

/** Fields that hold the target's name, by statement. */
const targetFields: Readonly<Record<string, string>> = {
  insert: "into",
  update: "table",
  delete: "from",
};

const tableName = (fields: Fields): string | undefined => {
  const type = text(fields["type"]);
  if (type === "table") return qualified(fieldsOf(fields["name"]));
  const target = targetFields[type];
  // FOR UPDATE has the type `update` as well, and no target.
  const name = target === undefined ? {} : fieldsOf(fields[target]);
  return "name" in name ? qualified(name) : undefined;
};

type Lists = Record<Exclude<keyof Reading, "isLimited">, string[]>;

function noteClauses(found: Lists, fields: Fields, key: string): void {
  if (fields["type"] === "select" && Array.isArray(fields["orderBy"]))
    found.sortKeys.push(...fields["orderBy"].flatMap(sortKey));
  if (key !== "limit") return;
  for (const part of ["limit", "offset"])
    if (part in fields) found.limits.push(`${part} ${integer(fields[part])}`);
}

function noteExpressions(found: Lists, fields: Fields): void {
  if (fields["type"] === "ref" && fields["name"] !== "*")
    found.columns.push(text(fields["name"]));
  if (/^IS (?:NOT )?NULL$/.test(text(fields["op"])))
    found.nullTests.push(text(fieldsOf(fields["operand"])["name"]));
  if (fields["type"] === "call")
    found.functions.push(text(fieldsOf(fields["function"])["name"]));
}

function parseFirst(sql: string): unknown {
  try {
    return parse(sql)[0];
  } catch {
    return undefined;
  }
}

/** Reads a statement with pgsql-ast-parser; undefined when it cannot. */
export function readWithSecondParser(sql: string): Reading | undefined {
  const statement = parseFirst(sql);
  if (statement === undefined) return undefined;
  const found: Lists = {
    tables: [],
    columns: [],
    sortKeys: [],
    limits: [],
    nullTests: [],
    functions: [],
  };
  const ctes = new Set<string>();
  each(statement, (fields, key) => {
    if (key === "bind") ctes.add(text(fieldsOf(fields["alias"])["name"]));
    const table = tableName(fields);
    if (table !== undefined) found.tables.push(table);
    noteClauses(found, fields, key);
    noteExpressions(found, fields);
  });
  const top = fieldsOf(fieldsOf(statement)["in"] ?? statement);
  return {
    tables: found.tables.filter((name) => !ctes.has(name)).sort(),
    columns: [...new Set(found.columns)].sort(),
    sortKeys: found.sortKeys.sort(),
    limits: found.limits.sort(),
    isLimited: "limit" in fieldsOf(top["limit"]),
    nullTests: found.nullTests.sort(),
    functions: [...new Set(found.functions)].sort(),
  };
}
