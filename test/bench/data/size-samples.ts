/** What the size bench keeps of real builds, and how the model is asked about them. */
import type { IndexKey } from "../../../src/core/advice/suggestion.ts";
import type {
  SizeInput,
  SizeTable,
} from "../../../src/core/advice/size/size-input.ts";
import type { IndexSpec } from "./size-tables.ts";

/** One index that was built. */
export interface Built extends IndexSpec {
  readonly set: string;
  /** server_version_num. */
  readonly serverVersion: number;
  readonly realBytes: number;
  readonly hypopgBytes: number | undefined;
  readonly buildMs: number;
}

/** What `--write` keeps: statistics by `set.table`, and the builds. */
export interface Stored {
  readonly tables: Readonly<Record<string, SizeTable>>;
  readonly built: readonly Built[];
}

/** `column`, `column operator_class` or `(expression)`. */
export function keyOf(text: string): IndexKey {
  const isExpression = text.startsWith("(");
  const [name = text, operatorClass] = isExpression ? [text] : text.split(" ");
  return {
    text: isExpression ? text.slice(1, -1) : name,
    isExpression,
    descending: false,
    nulls: undefined,
    operatorClass,
    role: "equality",
  };
}

export function inputOf(built: Built, tables: Stored["tables"]): SizeInput {
  const table = tables[`${built.set}.${built.table}`];
  if (table === undefined) throw new Error(`no table ${built.table}`);
  return {
    method: built.method,
    keys: built.keys.map(keyOf),
    included: built.included ?? [],
    predicate: built.predicate,
    unique: built.unique ?? false,
    serverVersion: built.serverVersion,
    table,
  };
}
