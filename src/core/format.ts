/**
 * Numbers as PlanLens writes them everywhere: counts exact below 10,000 and to
 * three figures above, time and bytes in the unit a person would say, a true
 * minus for changes, and – for what is not known (never 0).
 */
const unknown = "–";

const oneDigitDown = 0.9995;

// Making a formatter costs a hundred times what using one does, and a plan's rows use thousands.
const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(
  locale: string,
  options: Intl.NumberFormatOptions,
): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, options);
  formats.set(key, made);
  return made;
}

const threeFigures = (value: number, locale: string): string =>
  numberFormat(locale, {
    maximumSignificantDigits: 3,
    minimumSignificantDigits: Math.abs(value) < 100 ? 3 : 1,
    useGrouping: false,
  }).format(value);

const decimals = (value: number, digits: number, locale: string): string =>
  numberFormat(locale, {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
    useGrouping: true,
  }).format(value);

/** Beyond this a number is told by its power of ten. */
const largestInGiga = 1e15;

/** `9,120`, `48.2k`, `1.21 M`, `3.40 G`, `1.20E21`; `–` when undefined or not finite. */
export function formatCount(value: number | undefined, locale = "en"): string {
  if (value === undefined || !Number.isFinite(value)) return unknown;
  const size = Math.abs(value);
  if (size < 10_000 - 0.5) {
    return numberFormat(locale, {
      maximumFractionDigits: size < 10 ? 2 : 0,
    }).format(value);
  }
  if (size < oneDigitDown * 1e6) return `${threeFigures(value / 1e3, locale)}k`;
  if (size < oneDigitDown * 1e9)
    return `${threeFigures(value / 1e6, locale)} M`;
  if (size < oneDigitDown * largestInGiga)
    return `${threeFigures(value / 1e9, locale)} G`;
  return numberFormat(locale, {
    notation: "scientific",
    maximumSignificantDigits: 3,
    minimumSignificantDigits: 3,
  }).format(value);
}

/** Exact, grouped: for hovers. */
export function formatExactCount(
  value: number | undefined,
  locale = "en",
): string {
  if (value === undefined || !Number.isFinite(value)) return unknown;
  return numberFormat(locale, { maximumFractionDigits: 2 }).format(value);
}

/** Cost has no unit and is never called time; two figures after the point below 10. */
export function formatCost(value: number | undefined, locale = "en"): string {
  return formatCount(value, locale);
}

/** `<0.1 ms`, `4.2 ms`, `892 ms`, `4.82 s`, `17 min`, `3.2 h`; milliseconds in. */
export function formatMs(
  milliseconds: number | undefined,
  locale = "en",
): string {
  if (milliseconds === undefined || !Number.isFinite(milliseconds))
    return unknown;
  const size = Math.abs(milliseconds);
  if (size === 0) return "0 ms";
  if (size < 0.1) return "<0.1 ms";
  if (size < 9.95) return `${decimals(milliseconds, 1, locale)} ms`;
  if (size < 999.5) return `${decimals(milliseconds, 0, locale)} ms`;
  if (size < 60_000 * oneDigitDown)
    return `${threeFigures(milliseconds / 1000, locale)} s`;
  if (size < 3_600_000 * 1.5)
    return `${decimals(milliseconds / 60_000, 0, locale)} min`;
  return `${decimals(milliseconds / 3_600_000, 1, locale)} h`;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** `512 B`, `247 MB`, `1.59 GB`; 1,024 bytes to a kB. */
export function formatBytes(bytes: number | undefined, locale = "en"): string {
  if (bytes === undefined || !Number.isFinite(bytes)) return unknown;
  let size = bytes;
  let at = 0;
  while (Math.abs(size) >= 999.5 && at < byteUnits.length - 1) {
    size /= 1024;
    at += 1;
  }
  const text =
    at === 0 ? decimals(size, 0, locale) : threeFigures(size, locale);
  return `${text} ${byteUnits[at] ?? "B"}`;
}

/** Above this a part is the whole, but for what adding floating point numbers loses. */
const wholePercent = 100 - 1e-9;

/** A share in percent, as exact as it is told. */
export interface ToldShare {
  /** The share is below what is told, or above it. */
  readonly bound: "" | "<" | ">";
  readonly percent: string;
}

/** A share is 0 to 1; undefined where it is not known. What leaves something is not called 100 percent. */
export function tellShare(
  share: number | undefined,
  locale = "en",
): ToldShare | undefined {
  if (share === undefined || !Number.isFinite(share)) return undefined;
  const percent = share * 100;
  if (percent > 0 && percent < 1) return { bound: "<", percent: "1" };
  if (percent < 99.5 || percent >= wholePercent)
    return { bound: "", percent: decimals(percent, 0, locale) };
  return percent > 99.9
    ? { bound: ">", percent: decimals(99.9, 1, locale) }
    : { bound: "", percent: decimals(percent, 1, locale) };
}

/** `62 %`, `<1 %`, `>99.9 %`. */
export function formatShare(share: number | undefined, locale = "en"): string {
  const told = tellShare(share, locale);
  return told === undefined ? unknown : `${told.bound}${told.percent} %`;
}

function formatPercentChange(
  before: number,
  after: number,
  locale: string,
): string | undefined {
  if (before <= 0) return undefined;
  const percent = ((after - before) / before) * 100;
  if (Math.abs(percent) < 0.5) return "±0 %";
  // A gain that leaves something must not read as a full one.
  const shown =
    percent < -99 && after > 0
      ? decimals(Math.floor(Math.abs(percent) * 10) / 10, 1, locale)
      : decimals(Math.abs(percent), 0, locale);
  return `${percent < 0 ? "−" : "+"}${shown.replace(/[.,]0$/u, "")} %`;
}

/** Beside a five-figure number, four exact figures would be noise: `182k → 3.9k`. */
function formatBeside(
  value: number | undefined,
  other: number | undefined,
  locale: string,
): string {
  const rounds = Math.abs(other ?? 0) >= 10_000;
  return value !== undefined && rounds && value >= 999.5 && value < 9_950
    ? `${decimals(value / 1000, 1, locale)}k`
    : formatCost(value, locale);
}

/** `182k → 3.9k (−98 %)`; a side that is not known is –, and then no percentage is claimed. */
export function formatChange(
  before: number | undefined,
  after: number | undefined,
  locale = "en",
): string {
  const sides = `${formatBeside(before, after, locale)} → ${formatBeside(after, before, locale)}`;
  if (before === undefined || after === undefined) return sides;
  const percent = formatPercentChange(before, after, locale);
  return percent === undefined ? sides : `${sides} (${percent})`;
}

/** `25×`, `3.2×`, `1.2k×`: how many times, always at least 1. */
export function formatFactor(
  factor: number | undefined,
  locale = "en",
): string {
  if (factor === undefined || !Number.isFinite(factor)) return unknown;
  return factor < 10
    ? `${decimals(factor, 1, locale).replace(/[.,]0$/u, "")}×`
    : `${formatCount(Math.round(factor), locale)}×`;
}

/** SQL within a sentence: a longer one loses its middle, so that beginning and end still tell what it is. */
export function shortened(text: string, most = 200): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(text.length - half)}`;
}
