const special = /[\\`*_{}[\]()#+\-.!|<>&~$:@"']/gu;

/** User text as Markdown that shows exactly that text: no links, images, HTML, icons or emphasis come of it. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .replace(special, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** A code block that its own content cannot close. */
export function renderCodeBlock(code: string, language: string): string {
  const runs = code.match(/`+/gu) ?? [];
  const longest = Math.max(2, ...runs.map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

/** A command link; the label is escaped, the argument travels as JSON. */
export function renderCommandLink(
  label: string,
  command: string,
  argument: unknown,
): string {
  const query = encodeURIComponent(JSON.stringify([argument])).replace(
    /[()']/gu,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `[${escapeMarkdown(label)}](command:${command}?${query})`;
}
