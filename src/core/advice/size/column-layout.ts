/** How values of a type lie in an index tuple. */
export interface ColumnLayout {
  /** Bytes of every value; undefined where lengths vary (they carry a length header). */
  readonly fixedBytes: number | undefined;
  /** Offsets of fixed-length values are multiples of this (pg_type.typalign). */
  readonly alignment: 1 | 2 | 4 | 8;
  /** B-tree keys of this type may be merged into posting lists: its operator class says that equal means identical. */
  readonly mergesEqual: boolean;
  /** Lengths of `char(n)` do not vary, those of `numeric` vary by two, those of the rest freely. */
  readonly lengths: "fixed" | "digits" | "free";
}

const fixed = (
  fixedBytes: number,
  alignment: ColumnLayout["alignment"],
  mergesEqual = true,
): ColumnLayout => ({ fixedBytes, alignment, mergesEqual, lengths: "fixed" });

const varying = (
  lengths: ColumnLayout["lengths"],
  mergesEqual: boolean,
  alignment: 4 | 8 = 4,
): ColumnLayout => ({ fixedBytes: undefined, alignment, mergesEqual, lengths });

/** pg_type.typlen and typalign, and where the default B-tree class has no `equalimage` function: src/include/catalog/pg_type.dat and pg_amproc.dat. */
const layouts: Readonly<Record<string, ColumnLayout>> = {
  boolean: fixed(1, 1),
  '"char"': fixed(1, 1),
  smallint: fixed(2, 2),
  integer: fixed(4, 4),
  oid: fixed(4, 4),
  xid: fixed(4, 4),
  date: fixed(4, 4),
  real: fixed(4, 4, false),
  bigint: fixed(8, 8),
  money: fixed(8, 8),
  "timestamp without time zone": fixed(8, 8),
  "timestamp with time zone": fixed(8, 8),
  "time without time zone": fixed(8, 8),
  "double precision": fixed(8, 8, false),
  pg_lsn: fixed(8, 8),
  xid8: fixed(8, 8),
  tid: fixed(6, 2),
  macaddr: fixed(6, 4),
  macaddr8: fixed(8, 4),
  "time with time zone": fixed(12, 8),
  uuid: fixed(16, 1),
  interval: fixed(16, 8, false),
  point: fixed(16, 8, false),
  box: fixed(32, 8, false),
  lseg: fixed(32, 8, false),
  circle: fixed(24, 8, false),
  numeric: varying("digits", false),
  character: varying("fixed", true),
  jsonb: varying("free", false),
  json: varying("free", false),
  tsvector: varying("free", false),
  tsquery: varying("free", false),
  int4range: varying("free", false),
  int8range: varying("free", false, 8),
  numrange: varying("free", false),
  daterange: varying("free", false),
  tsrange: varying("free", false, 8),
  tstzrange: varying("free", false, 8),
};

/** A type's name without modifiers, as format_type would print it: `numeric(10,2)` is `numeric`. */
export function bareType(type: string): string {
  const bare = type
    .replace(/\s*\([^)]*\)/, "")
    .trim()
    .toLowerCase();
  const short: Readonly<Record<string, string>> = {
    timestamp: "timestamp without time zone",
    timestamptz: "timestamp with time zone",
    time: "time without time zone",
    int: "integer",
    int2: "smallint",
    int4: "integer",
    int8: "bigint",
    bool: "boolean",
    float4: "real",
    float8: "double precision",
    bpchar: "character",
  };
  return short[bare] ?? bare;
}

/**
 * Layout of a type named as format_type prints it. A type that is not built in has four bytes
 * when its values have four on average, as an enum does; otherwise its lengths vary.
 */
export function columnLayout(
  type: string,
  averageBytes?: number,
): ColumnLayout {
  const bare = bareType(type);
  if (bare.endsWith("[]")) return varying("free", false);
  const known = layouts[bare];
  if (known !== undefined) return known;
  const isText = /^(?:text|character varying|varchar|bytea|citext)$/.test(bare);
  return !isText && averageBytes === 4 ? fixed(4, 4) : varying("free", true);
}

/** Last minor release of each major version that merges equal `char(n)` keys; 13 always does. */
const lastMergingCharacters: Readonly<Record<number, number>> = {
  14: 24,
  15: 19,
  16: 15,
  17: 11,
  18: 5,
};

/**
 * Whether equal keys of a type are merged. Of `char(n)` it depends on the release: 15.18 merges them,
 * 15.20 does not; where the release is unknown the larger index is the safer estimate.
 * @param serverVersion server_version_num, e.g. 150020 for 15.20
 */
export function mergesEqual(
  type: string,
  layout: ColumnLayout,
  serverVersion: number | undefined,
): boolean {
  if (bareType(type) !== "character") return layout.mergesEqual;
  if (serverVersion === undefined) return false;
  const major = Math.floor(serverVersion / 10_000);
  const last = major <= 13 ? Infinity : lastMergingCharacters[major];
  return last !== undefined && serverVersion % 10_000 <= last;
}
