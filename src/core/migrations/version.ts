/** How the files of a folder are numbered. */
export type VersionScheme =
  | { readonly kind: "sequence"; readonly width: number }
  /** UTC, `yyyymmddhhmmss`. */
  | { readonly kind: "timestamp" }
  /** Milliseconds since 1970. */
  | { readonly kind: "milliseconds" }
  /** UTC with milliseconds, `yyyymmddhhmmssSSS`. */
  | { readonly kind: "timestampMs" }
  /** Seconds since 1970. */
  | { readonly kind: "seconds" };

const timestampDigits = 14;
const timestampMsDigits = 17;
const millisecondsDigits = 13;
const secondsDigits = 10;

function schemeOfDigits(digits: string): VersionScheme {
  if (digits.length === timestampDigits) return { kind: "timestamp" };
  if (digits.length === timestampMsDigits) return { kind: "timestampMs" };
  if (digits.length === millisecondsDigits) return { kind: "milliseconds" };
  if (digits.length === secondsDigits && !digits.startsWith("0"))
    return { kind: "seconds" };
  return { kind: "sequence", width: digits.length };
}

/** 14 digits, UTC. */
export function renderTimestamp(now: Date): string {
  return now.toISOString().replaceAll(/\D/g, "").slice(0, timestampDigits);
}

function renderClock(
  kind: Exclude<VersionScheme["kind"], "sequence">,
  now: Date,
): string {
  switch (kind) {
    case "timestamp":
      return renderTimestamp(now);
    case "timestampMs":
      return now
        .toISOString()
        .replaceAll(/\D/g, "")
        .slice(0, timestampMsDigits);
    case "milliseconds":
      return String(now.getTime());
    case "seconds":
      return String(Math.floor(now.getTime() / 1000));
  }
}

const asNumber = (digits: string): bigint => BigInt(digits);

function latestOf(versions: readonly string[]): string | undefined {
  let latest: string | undefined;
  for (const version of versions)
    if (latest === undefined || asNumber(version) > asNumber(latest))
      latest = version;
  return latest;
}

/**
 * The version after those in use (digits only), in their own scheme and width; `usual` when there are none.
 * A clock behind the newest file continues from that file, for runners apply in order.
 */
export function nextVersion(
  versions: readonly string[],
  options: {
    readonly usual: VersionScheme;
    readonly now: Date;
  },
): string {
  const latest = latestOf(versions);
  const scheme = latest === undefined ? options.usual : schemeOfDigits(latest);
  const after = latest === undefined ? 1n : asNumber(latest) + 1n;
  if (scheme.kind === "sequence")
    return String(after).padStart(scheme.width, "0");
  const clock = asNumber(renderClock(scheme.kind, options.now));
  const width = latest?.length ?? 0;
  const next = latest !== undefined && clock < after ? after : clock;
  return String(next).padStart(width, "0");
}

/** The version after those of the names, which are the first group of the pattern. */
export const versionAfterNames = (
  names: readonly string[],
  pattern: RegExp,
  options: Parameters<typeof nextVersion>[1],
): string =>
  nextVersion(
    names.flatMap((name) => pattern.exec(name)?.[1] ?? []),
    options,
  );
