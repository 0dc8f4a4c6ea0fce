import { isJsonObject } from "../json-object.ts";
import { failed, succeeded, type Result } from "../result.ts";
import { phrase, type Text } from "../words.ts";

/** Where in a bundle something is not as it should be, and what was expected. */
export interface FieldProblem {
  /** `relations[3].rows` */
  readonly path: string;
  readonly expected: Text;
}

/** Reads a value found at `path`. */
export type Reader<Value> = (
  value: unknown,
  path: string,
) => Result<Value, FieldProblem>;

const reader =
  <Value>(
    expected: Text,
    is: (value: unknown) => value is Value,
  ): Reader<Value> =>
  (value, path) =>
    is(value) ? succeeded(value) : failed({ path, expected });

/** No text of PostgreSQL holds a NUL. */
export const text: Reader<string> = reader(
  phrase("a text"),
  (value): value is string =>
    typeof value === "string" && !value.includes("\0"),
);

export const number: Reader<number> = reader(
  phrase("a number"),
  (value): value is number =>
    typeof value === "number" && Number.isFinite(value),
);

/** What a bigint of PostgreSQL can count, whole or averaged. */
export const tally: Reader<number> = reader(
  phrase("a number from 0 to 9223372036854775807"),
  (value): value is number =>
    typeof value === "number" && value >= 0 && value <= 2 ** 63,
);

/** Pages and positions: what fits PostgreSQL's 32-bit block numbers. */
export const count: Reader<number> = reader(
  phrase("a whole number from 0 to 4294967294"),
  (value): value is number =>
    typeof value === "number" &&
    Number.isInteger(value) &&
    value >= 0 &&
    value <= 4_294_967_294,
);

export const flag: Reader<boolean> = reader(
  phrase("true or false"),
  (value): value is boolean => typeof value === "boolean",
);

/** Missing and null are the same. */
export function optional<Value>(
  read: Reader<Value>,
): Reader<Value | undefined> {
  return (value, path) =>
    value === undefined || value === null
      ? succeeded(undefined)
      : read(value, path);
}

export function nullable<Value>(read: Reader<Value>): Reader<Value | null> {
  return (value, path) =>
    value === null ? succeeded(null) : read(value, path);
}

export function list<Value>(read: Reader<Value>): Reader<readonly Value[]> {
  return (value, path) => {
    if (!Array.isArray(value))
      return failed({ path, expected: phrase("a list") });
    const values: Value[] = [];
    for (const [at, item] of value.entries()) {
      const one = read(item, `${path}[${at}]`);
      if (!one.ok) return one;
      values.push(one.value);
    }
    return succeeded(values);
  };
}

export function oneOf<Value extends string>(
  ...values: readonly Value[]
): Reader<Value> {
  return reader(
    phrase("one of {0}", values.join(", ")),
    (value): value is Value =>
      typeof value === "string" && values.includes(value as Value),
  );
}

/** Every field is read; keys that nobody asks for are passed over. */
export function object<Shape extends object>(readers: {
  readonly [Key in keyof Shape]-?: Reader<Shape[Key]>;
}): Reader<Shape> {
  return (value, path) => {
    if (!isJsonObject(value))
      return failed({ path, expected: phrase("an object") });
    const shape: Record<string, unknown> = {};
    for (const [key, read] of Object.entries<Reader<unknown>>(readers)) {
      const field = read(value[key], path === "" ? key : `${path}.${key}`);
      if (!field.ok) return field;
      if (field.value !== undefined) shape[key] = field.value;
    }
    return succeeded(shape as Shape);
  };
}

export function dictionary<Value>(
  read: Reader<Value>,
): Reader<Readonly<Record<string, Value>>> {
  return (value, path) => {
    if (!isJsonObject(value))
      return failed({ path, expected: phrase("an object") });
    const entries: [string, Value][] = [];
    for (const [key, item] of Object.entries(value)) {
      const one = read(item, `${path}.${key}`);
      if (!one.ok) return one;
      entries.push([key, one.value]);
    }
    return succeeded(Object.fromEntries(entries));
  };
}

const template = object({ template: text, values: list(text) });

/** A sentence, or a template and what stands in it, so that it can be said in another language. */
export const sayable: Reader<Text> = (value, path) =>
  (typeof value === "string" ? text : template)(value, path);
