const marker =
  /--[ \t]*planlens-disable-next-statement[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)/gu;

/** Rules that comments in `gap`, the text between a statement and the one before it, switch off for that statement. */
export function findSuppressed(gap: string): ReadonlySet<string> {
  const rules = new Set<string>();
  for (const match of gap.matchAll(marker))
    for (const rule of (match[1] ?? "").split(",")) rules.add(rule.trim());
  return rules;
}

/** The comment line to put above a statement that is indented by `indent`. */
export function renderSuppression(rule: string, indent: string): string {
  return `${indent}-- planlens-disable-next-statement ${rule}\n`;
}
