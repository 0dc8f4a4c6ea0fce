import { succeeded, type Result } from "../result.ts";
import { quoteAlways } from "../sql/quote-identifier.ts";
import type {
  Bundle,
  ColumnStatistics,
  RelationStatistics,
  StatisticsSlot,
} from "./bundle.ts";
import {
  count,
  dictionary,
  flag,
  list,
  number,
  object,
  optional,
  text,
  type FieldProblem,
  type Reader,
} from "./fields.ts";

/** The format of the public benchmark bundles: unqualified names in schema public, slots as in pg_statistic. */
export const benchmarkFormat = "benchmark statistics bundle 1";

interface BenchmarkSlots {
  readonly relname: string;
  readonly attname: string;
  readonly stainherit: boolean;
  readonly stanullfrac: number;
  readonly stawidth: number;
  readonly stadistinct: number;
}

interface Benchmark {
  readonly source: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly ddl: readonly string[];
  readonly relations: readonly {
    readonly name: string;
    readonly kind: string;
    readonly relpages: number;
    readonly reltuples: number;
    readonly relallvisible: number;
    readonly blocks: number;
  }[];
  readonly slots: readonly Raw[];
  readonly queries: readonly {
    readonly name: string;
    readonly counted: boolean;
    readonly sql: string;
  }[];
}

type Raw = BenchmarkSlots & { readonly slots: readonly StatisticsSlot[] };

const fixed: Reader<BenchmarkSlots> = object<BenchmarkSlots>({
  relname: text,
  attname: text,
  stainherit: flag,
  stanullfrac: number,
  stawidth: number,
  stadistinct: number,
});

/** `<|text|text` as regoperator writes it. */
function operatorOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const [name = "", left = "", right = ""] = written.split("|");
  return `pg_catalog.${name}(${left},${right})`;
}

/** Slot numbers in pg_statistic: stakind1 to stakind5. */
const slotNumbers = [1, 2, 3, 4, 5] as const;

function slotAt(at: number): Reader<StatisticsSlot> {
  return (value, path) => {
    const read = object<{
      kind: number;
      op: string | undefined;
      coll: string | undefined;
      numbers: string | undefined;
      values: string | undefined;
    }>({
      kind: count,
      op: optional(text),
      coll: optional(text),
      numbers: optional(text),
      values: optional(text),
    });
    const row = value as Readonly<Record<string, unknown>>;
    const slot = read(
      {
        kind: row[`stakind${at}`],
        op: row[`op${at}`],
        coll: row[`coll${at}`],
        numbers: row[`n${at}`],
        values: row[`v${at}`],
      },
      `${path}.slot ${at}`,
    );
    if (!slot.ok) return slot;
    const { kind, op, coll, numbers, values } = slot.value;
    return succeeded({
      kind,
      operator: operatorOf(op),
      collation:
        coll === undefined ? undefined : `pg_catalog.${quoteAlways(coll)}`,
      numbers,
      values,
    });
  };
}

const slotsOf: Reader<Raw> = (value, path) => {
  const row = fixed(value, path);
  if (!row.ok) return row;
  const slots: StatisticsSlot[] = [];
  for (const at of slotNumbers) {
    const slot = slotAt(at)(value, path);
    if (!slot.ok) return slot;
    if (slot.value.kind !== 0) slots.push(slot.value);
  }
  return succeeded({ ...row.value, slots });
};

const benchmark: Reader<Benchmark> = object<Benchmark>({
  source: text,
  settings: dictionary(text),
  ddl: list(text),
  relations: list(
    object({
      name: text,
      kind: text,
      relpages: count,
      reltuples: number,
      relallvisible: count,
      blocks: count,
    }),
  ),
  slots: list(slotsOf),
  queries: list(object({ name: text, counted: flag, sql: text })),
});

const schema = "public";

/** The format leaves out this one; its sources had the server's default, which an embedded server has not. */
const unnamedSettings = { max_parallel_workers_per_gather: "2" };

const relationOf = (
  relation: Benchmark["relations"][number],
): RelationStatistics => ({
  schema,
  name: relation.name,
  pages: relation.relpages,
  rows: relation.reltuples,
  allVisiblePages: relation.relallvisible,
  blocks: relation.blocks,
});

const columnOf = (row: Raw): ColumnStatistics => ({
  schema,
  relation: row.relname,
  column: row.attname,
  inherited: row.stainherit,
  nullFraction: row.stanullfrac,
  averageBytes: row.stawidth,
  distinctValues: row.stadistinct,
  slots: row.slots,
});

/** `15.18 (Debian …)` as the server's version number. */
function versionNumberOf(written: string): number {
  const [, major = "0", minor = "0"] = /^(\d+)\.?(\d*)/.exec(written) ?? [];
  return Number(major) * 10_000 + Number(minor);
}

/** Indexes are left out: the benchmark begins without any. */
export function readBenchmarkBundle(
  raw: unknown,
): Result<Bundle, FieldProblem> {
  const read = benchmark(raw, "");
  if (!read.ok) return read;
  const { source, settings, ddl, relations, slots, queries } = read.value;
  return succeeded({
    server: { versionNumber: versionNumberOf(source), versionText: source },
    locale: undefined,
    settings: { ...unnamedSettings, ...settings },
    extensions: [],
    ddl: ddl.map((sql) => ({
      what: sql.slice(0, sql.indexOf("(")).trim(),
      sql,
    })),
    relations: relations.filter(({ kind }) => kind === "r").map(relationOf),
    columns: slots.map(columnOf),
    extended: [],
    queries,
    remarks: [],
  });
}
