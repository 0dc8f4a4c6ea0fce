import { withoutLiterals } from "../plan/expression-columns.ts";
import { type DeparsedComparison, isOneArgument } from "./conjuncts.ts";

/** A span of the calendar: the first instant in it, and the first after it, as SQL. */
interface Span {
  readonly from: string;
  readonly to: string;
}

const intervals: Readonly<Record<string, string>> = {
  hour: "1 hour",
  day: "1 day",
  week: "1 week",
  month: "1 month",
  quarter: "3 months",
  year: "1 year",
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Months in the unit; undefined for those that are of equal length. */
const months: Readonly<Record<string, number>> = {
  month: 1,
  quarter: 3,
  year: 12,
};

const lengths: Readonly<Record<string, number>> = {
  hour: hourMs,
  day: dayMs,
  week: 7 * dayMs,
};

/** The next beginning of such a unit; undefined where the instant does not begin one. */
function nextBeginning(unit: string, instant: number): number | undefined {
  const date = new Date(instant);
  const count = months[unit];
  if (count === undefined) {
    const length = lengths[unit] ?? Infinity;
    // 1970-01-05 was a Monday, with which a week begins.
    const origin = unit === "week" ? 4 * dayMs : 0;
    return (instant - origin) % length === 0 ? instant + length : undefined;
  }
  const begins =
    date.getUTCDate() === 1 &&
    instant % dayMs === 0 &&
    date.getUTCMonth() % count === 0;
  return begins
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count)
    : undefined;
}

/** `'2024-05-01'`, with the hour where it is not midnight. */
function renderInstant(instant: number): string {
  const iso = new Date(instant).toISOString();
  // Beyond the year 9999 ISO writes +010000, which PostgreSQL does not read.
  const [day = "", time = ""] = iso.replace(/^\+0+/u, "").split("T");
  return instant % dayMs === 0 ? `'${day}'` : `'${day} ${time.slice(0, 5)}'`;
}

const literal =
  /^'([1-9]\d{3})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:[+-][\d:]+)?)?'::(?:date|timestamp with(?:out)? time zone)$/u;

/** What the server wrote in its own words; a zone's offset is that of the session, in which the span is meant. */
function spanOfLiteral(unit: string, right: string): Span | undefined {
  const found = literal.exec(right);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] =
    Array.from({ length: 6 }, (_, at) => Number(found[at + 1] ?? 0));
  const instant = Date.UTC(year, month - 1, day, hour, minute, second);
  const next = nextBeginning(unit, instant);
  return next === undefined
    ? undefined
    : { from: renderInstant(instant), to: renderInstant(next) };
}

function spanOfYear(right: string): Span | undefined {
  const year = /^'?([1-9]\d{3})'?(?:::(?:numeric|double precision))?$/u.exec(
    right,
  )?.[1];
  return year === undefined
    ? undefined
    : { from: `'${year}-01-01'`, to: `'${Number(year) + 1}-01-01'` };
}

const renderToday = (days: number): string =>
  days === 0
    ? "CURRENT_DATE"
    : `CURRENT_DATE ${days < 0 ? "-" : "+"} ${Math.abs(days)}`;

function spanOfToday(right: string): Span | undefined {
  const found = /^\(?CURRENT_DATE(?: ([+-]) (\d{1,6}))?\)?$/u.exec(right);
  if (found === null) return undefined;
  const days = Number(found[2] ?? 0) * (found[1] === "-" ? -1 : 1);
  return { from: renderToday(days), to: renderToday(days + 1) };
}

/** What a subquery gives, by a name that only the plan knows: `$0`, since PostgreSQL 17 `(InitPlan 1).col1`. */
const isOfPlan = (text: string): boolean =>
  /\$\d|\b(?:Init|Sub)Plan \d/u.test(withoutLiterals(text));

/** `date_trunc('day', X)` on the other side begins such a unit, whatever X is; in a zone of its own that of another day. */
function spanOfTruncated(unit: string, right: string): Span | undefined {
  const [, written = "", inner = ""] =
    /^date_trunc\('(\w+)'::text, (.*)\)$/u.exec(right) ?? [];
  if (written.toLowerCase() !== unit) return undefined;
  if (!isOneArgument(inner) || isOfPlan(inner)) return undefined;
  const from = `date_trunc('${unit}', ${inner})`;
  return { from, to: `${from} + interval '${intervals[unit] ?? ""}'` };
}

/** Which part of the column's date the condition looks at. */
type Truncation =
  | { readonly kind: "date" }
  | { readonly kind: "year" }
  | { readonly kind: "unit"; readonly unit: string };

/** As the server deparses them from 13 to 18; it casts a date to truncate it. */
function readTruncation(
  left: string,
  spellings: readonly string[],
): Truncation | undefined {
  const isColumn = (text = "", cast = ""): boolean =>
    spellings.some((name) => text === name || text === `(${name})::${cast}`);
  const day = /^\((.+)\)::date$/u.exec(left)?.[1];
  if (isColumn(day)) return { kind: "date" };
  const year =
    /^(?:EXTRACT\(year FROM|date_part\('year'::text,) (.+)\)$/iu.exec(
      left,
    )?.[1];
  if (isColumn(year, "timestamp without time zone")) return { kind: "year" };
  const [, written = "", truncated] =
    /^date_trunc\('(\w+)'::text, (.+)\)$/u.exec(left) ?? [];
  const unit = written.toLowerCase();
  return unit in intervals && isColumn(truncated, "timestamp with time zone")
    ? { kind: "unit", unit }
    : undefined;
}

function spanOf(truncation: Truncation, right: string): Span | undefined {
  if (truncation.kind === "year") return spanOfYear(right);
  if (truncation.kind === "date")
    return spanOfLiteral("day", right) ?? spanOfToday(right);
  const { unit } = truncation;
  return spanOfLiteral(unit, right) ?? spanOfTruncated(unit, right);
}

/** A parameter's value is not the statement's: only its place in the range can be told. */
function spanOfParameter(
  truncation: Truncation,
  parameter: string,
  { type, casts }: { readonly type: string; readonly casts: readonly string[] },
): Span | undefined {
  if (truncation.kind === "year") return undefined;
  // A date compared with an instant amid a day equals none; cast to a date it would.
  const own = truncation.kind === "date" ? "date" : type;
  const isCut = casts.some((cast) => cast !== "date" && cast !== own);
  if (isCut) return undefined;
  if (truncation.kind === "date")
    return { from: `${parameter}::date`, to: `${parameter}::date + 1` };
  const from = `${parameter}::${type}`;
  return {
    from,
    to: `${from} + interval '${intervals[truncation.unit] ?? ""}'`,
  };
}

const bounds: Readonly<Record<string, (name: string, span: Span) => string>> = {
  "=": (name, { from, to }) => `${name} >= ${from} AND ${name} < ${to}`,
  "<": (name, { from }) => `${name} < ${from}`,
  "<=": (name, { to }) => `${name} < ${to}`,
  ">": (name, { to }) => `${name} >= ${to}`,
  ">=": (name, { from }) => `${name} >= ${from}`,
};

/** A range of the bare column in place of a condition on a part of its date. */
export interface DateRange {
  /** `placed_at >= '2024-05-01' AND placed_at < '2024-05-02'`. */
  readonly text: string;
  /**
   * Days and months begin where the session's time zone says, in the condition and in the range. Where clocks are
   * set back to midnight the hour from there comes twice: the day has both in the condition, the range the second.
   */
  readonly isOfZone: boolean;
  /** It asks for the same rows only if this parameter begins a day, month, …; undefined where it always does. */
  readonly beginning: string | undefined;
}

const shortTypes: Readonly<Record<string, string>> = {
  date: "date",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
};

/** The type of the value that the server planned a parameter with, where it shows one. */
const castsOfPlanned = (right: string): readonly string[] => {
  const type = /'::([a-z ]+)$/u.exec(right)?.[1];
  return type === undefined ? [] : [shortTypes[type] ?? type];
};

export interface ComparedParameter {
  /** As the statement writes it. */
  readonly written: string;
  /** The types that the statement casts it to, in short: `date`, `timestamptz`. */
  readonly casts: readonly string[];
}

/** The types a parameter is cast to, anywhere in a statement whose placeholders are `$n`. */
export const castsOf = (sql: string, number: number): readonly string[] =>
  Array.from(
    sql.matchAll(
      new RegExp(
        `\\$${number}(?!\\d)[\\s)]*(?:::|\\bas\\b)\\s*([a-z_][\\w ]*)`,
        "giu",
      ),
    ),
    ([, cast = ""]) => {
      const type = /^timestamp with(?:out)? time zone|^\w+/iu.exec(cast)?.[0];
      const name = (type ?? "").toLowerCase();
      return shortTypes[name] ?? name;
    },
  );

export interface TruncatedColumn {
  /** As format_type names it. */
  readonly type: string;
  /** As the plan may write it. */
  readonly spellings: readonly string[];
  /** As the statement writes it. */
  readonly written: string;
  /** What stands on the other side. */
  readonly parameter: ComparedParameter | undefined;
}

function spanAgainst(
  truncation: Truncation,
  right: string,
  { parameter, type }: Pick<TruncatedColumn, "parameter" | "type">,
): Span | undefined {
  if (parameter === undefined) return spanOf(truncation, right);
  const casts = [...parameter.casts, ...castsOfPlanned(right)];
  return spanOfParameter(truncation, parameter.written, { type, casts });
}

/** The range that asks for the same rows as a comparison of a truncated date, for an ordinary index to serve; undefined where there is none. */
export function findDateRange(
  { left, operator, right }: DeparsedComparison,
  { type, spellings, written, parameter }: TruncatedColumn,
): DateRange | undefined {
  const short = shortTypes[type.replace(/\(\d\)/u, "")];
  const truncation = readTruncation(left, spellings);
  const bound = bounds[operator];
  if (short === undefined || truncation === undefined || bound === undefined)
    return undefined;
  const isUnit = truncation.kind === "unit";
  // A date has no hours, and where clocks go back an hour's name is no instant.
  if (short !== "timestamp" && isUnit && truncation.unit === "hour")
    return undefined;
  const span = spanAgainst(truncation, right, { parameter, type: short });
  const begun = isUnit ? parameter : undefined;
  return (
    span && {
      text: bound(written, span),
      isOfZone: short === "timestamptz",
      beginning: begun?.written,
    }
  );
}
