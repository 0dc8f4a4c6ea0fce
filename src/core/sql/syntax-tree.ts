/**
 * Typed access to the parser's JSON, whose shape is `{ Tag: { field: … } }`.
 * Missing fields are the grammar's defaults, so every read may be undefined.
 */
export type Body = Readonly<Record<string, unknown>>;

export interface Tagged {
  readonly tag: string;
  readonly body: Body;
}

export const isBody = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The only field's name; undefined when there is none or several. Asked of every value of a tree, so nothing is copied. */
function onlyField(value: Body): string | undefined {
  let only: string | undefined;
  for (const field in value) {
    if (only !== undefined) return undefined;
    only = field;
  }
  return only;
}

const isTag = (name: string): boolean => name >= "A" && name < "[";

/** The node's type and fields; undefined when the value is no node. */
export function tagged(value: unknown): Tagged | undefined {
  if (!isBody(value)) return undefined;
  const tag = onlyField(value);
  if (tag === undefined || !isTag(tag)) return undefined;
  const body = value[tag];
  return isBody(body) ? { tag, body } : undefined;
}

/** The fields of a node of the given type, undefined for any other. */
export function bodyOf(value: unknown, tag: string): Body | undefined {
  if (!isBody(value) || onlyField(value) !== tag) return undefined;
  return readBody(value, tag);
}

export function readBody(body: Body, field: string): Body | undefined {
  const value = body[field];
  return isBody(value) ? value : undefined;
}

export function readList(body: Body, field: string): readonly unknown[] {
  const value = body[field];
  return Array.isArray(value) ? value : [];
}

export function readText(body: Body, field: string): string | undefined {
  const value = body[field];
  return typeof value === "string" ? value : undefined;
}

export function readNumber(body: Body, field: string): number | undefined {
  const value = body[field];
  return typeof value === "number" ? value : undefined;
}

/** Names in a list of String nodes, stars left out. */
export function readNames(body: Body, field: string): readonly string[] {
  return readList(body, field).flatMap((node) => {
    const name = bodyOf(node, "String");
    const value = name && readText(name, "sval");
    return value === undefined ? [] : [value];
  });
}

/** The operator of an A_Expr, without its schema. */
export const readOperator = (body: Body): string =>
  readNames(body, "name").at(-1) ?? "";

/**
 * Every node below a value, itself included, parents before children. `enter`
 * may return false to leave out what is below a node. The stack is our own:
 * ten thousand joins nest as deep.
 */
export function visit(
  root: unknown,
  enter: (node: Tagged) => boolean | undefined,
): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    const node = tagged(value);
    if (node && enter(node) === false) continue;
    const children = Object.values(node ? node.body : value);
    for (let index = children.length - 1; index >= 0; index -= 1)
      pending.push(children[index]);
  }
}
