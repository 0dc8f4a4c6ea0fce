import { failed, succeeded, type Result } from "../result.ts";
import { english, phrase, sayText, words, type Text } from "../words.ts";
import { benchmarkFormat, readBenchmarkBundle } from "./benchmark-bundle.ts";
import {
  bundleFormat,
  bundleVersion,
  type Bundle,
  type ColumnStatistics,
  type CommonCombinations,
  type DatabaseLocale,
  type ExtendedStatistics,
  type StatisticsSlot,
} from "./bundle.ts";
import {
  count,
  dictionary,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  sayable,
  tally,
  text,
  type FieldProblem,
  type Reader,
} from "./fields.ts";

/** Why a text is no bundle that can be built. */
export type BundleProblem =
  | { readonly kind: "notJson" }
  | { readonly kind: "otherFormat"; readonly found: string | undefined }
  | { readonly kind: "newer"; readonly version: number }
  | { readonly kind: "damaged"; readonly problem: FieldProblem }
  /** The closing check does not fit what stands before it. */
  | { readonly kind: "altered" };

const slot: Reader<StatisticsSlot> = object<StatisticsSlot>({
  kind: count,
  operator: optional(text),
  collation: optional(text),
  numbers: optional(text),
  values: optional(text),
});

const figures = {
  position: optional(count),
  nullFraction: number,
  averageBytes: number,
  distinctValues: number,
  slots: list(slot),
};

const column: Reader<ColumnStatistics> = object<ColumnStatistics>({
  schema: text,
  relation: text,
  column: text,
  inherited: flag,
  ...figures,
});

const common: Reader<CommonCombinations> = object<CommonCombinations>({
  values: list(list(nullable(text))),
  frequencies: list(number),
  baseFrequencies: list(number),
});

const extended: Reader<ExtendedStatistics> = object<ExtendedStatistics>({
  schema: text,
  name: text,
  inherited: flag,
  columns: list(text),
  expressionCount: count,
  distinctValues: list(object({ keys: list(count), count: number })),
  dependencies: list(object({ keys: list(count), degree: number })),
  common: optional(common),
  expressions: list(object(figures)),
});

const locale: Reader<DatabaseLocale> = object<DatabaseLocale>({
  encoding: text,
  collate: text,
  ctype: text,
  provider: oneOf("libc", "icu", "builtin"),
  locale: optional(text),
});

const bundle: Reader<Bundle> = object<Bundle>({
  server: object({ versionNumber: count, versionText: text }),
  locale: optional(locale),
  settings: dictionary(text),
  extensions: list(object({ name: text, schema: text })),
  ddl: list(object({ what: text, sql: text })),
  relations: list(
    object({
      schema: text,
      name: text,
      pages: count,
      rows: number,
      allVisiblePages: count,
      blocks: count,
    }),
  ),
  columns: list(column),
  extended: list(extended),
  queries: list(
    object({
      name: text,
      sql: text,
      counted: flag,
      calls: optional(tally),
      meanMs: optional(number),
    }),
  ),
  remarks: list(sayable),
});

const envelope = object<{
  format: string | undefined;
  version: number | undefined;
  check: string | undefined;
}>({
  format: optional(text),
  version: optional(number),
  check: optional(text),
});

function parseJson(source: string): Result<unknown, BundleProblem> {
  try {
    return succeeded(JSON.parse(source));
  } catch {
    return failed(
      source.trimStart().startsWith("{")
        ? { kind: "notJson" }
        : { kind: "otherFormat", found: undefined },
    );
  }
}

const damaged = <Value>(
  result: Result<Value, FieldProblem>,
): Result<Value, BundleProblem> =>
  result.ok
    ? result
    : failed({ kind: "damaged" as const, problem: result.error });

/**
 * FNV-1a of the UTF-16 units, 32 bits, as eight hexadecimal digits. It tells a file that was cut or
 * edited by hand from one that was written; it is no protection against malice (the DDL is checked for that).
 */
function checkOf(body: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < body.length; at += 1)
    hash = Math.imul(hash ^ body.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/** The bundle as JSON, closed by its check. */
export function renderBundle(value: Bundle): string {
  const content = { format: bundleFormat, version: bundleVersion, ...value };
  return JSON.stringify({
    ...content,
    check: checkOf(JSON.stringify(content)),
  });
}

function isUnaltered(raw: unknown, check: string | undefined): boolean {
  const content = { ...(raw as Record<string, unknown>) };
  delete content["check"];
  return check === checkOf(JSON.stringify(content));
}

/** Reads a bundle of our own or of the benchmark, after decompression. */
export function readBundle(source: string): Result<Bundle, BundleProblem> {
  const raw = parseJson(source);
  if (!raw.ok) return raw;
  const head = envelope(raw.value, "");
  if (!head.ok) return failed({ kind: "otherFormat", found: undefined });
  const { format, version, check } = head.value;
  if (format === benchmarkFormat)
    return damaged(readBenchmarkBundle(raw.value));
  if (format !== bundleFormat)
    return failed({ kind: "otherFormat", found: format });
  if (version !== undefined && version > bundleVersion)
    return failed({ kind: "newer", version });
  if (!isUnaltered(raw.value, check)) return failed({ kind: "altered" });
  return damaged(bundle(raw.value, ""));
}

/** What is wrong with a file, and what to do. */
export function bundleProblemText(problem: BundleProblem): Text {
  switch (problem.kind) {
    case "notJson":
      return words(
        "The bundle is cut short, or was changed by hand: it is no whole JSON. Export it again.",
      );
    case "otherFormat":
      return problem.found === undefined
        ? words(
            "This is not a statistics bundle. Make one with: planlens twin export",
          )
        : phrase(
            'This is a "{0}", not a statistics bundle. Make one with: planlens twin export',
            problem.found,
          );
    case "newer":
      return phrase(
        "The bundle has format version {0}; this PlanLens reads up to {1}. Update PlanLens.",
        String(problem.version),
        String(bundleVersion),
      );
    case "altered":
      return words(
        "The bundle was changed or cut after it was written: its check does not fit. Export it again.",
      );
    case "damaged":
      return phrase(
        "The bundle is damaged: {0} should be {1}. Export it again.",
        problem.problem.path || phrase("the whole"),
        problem.problem.expected,
      );
  }
}

/** The same in English. */
export const describeBundleProblem = (problem: BundleProblem): string =>
  sayText(bundleProblemText(problem), english);
