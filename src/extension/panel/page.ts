/** What the page needs from the webview that shows it. */
export interface PageParts {
  readonly nonce: string;
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** What `translations` speak. */
  readonly language: string;
  /** English to that language; empty for English. In the page, so that its first word is already translated. */
  readonly translations: Readonly<Record<string, string>>;
  readonly title: string;
}

/** Nothing from anywhere but the extension's own files, no inline style or script without the nonce, no network. */
export function renderPolicy(
  parts: Pick<PageParts, "nonce" | "cspSource">,
): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${parts.nonce}'`,
    `style-src ${parts.cspSource} 'nonce-${parts.nonce}'`,
    `img-src ${parts.cspSource}`,
    `font-src ${parts.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

const escapeAttribute = (text: string): string =>
  text.replace(
    /[&<>"']/gu,
    (character) => `&#${String(character.charCodeAt(0))};`,
  );

export function renderPage(parts: PageParts): string {
  const attribute = (name: string, value: string): string =>
    `${name}="${escapeAttribute(value)}"`;
  return `<!DOCTYPE html>
<html ${attribute("lang", parts.language)}>
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" ${attribute("content", renderPolicy(parts))} />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" ${attribute("href", parts.styleUri)} ${attribute("nonce", parts.nonce)} />
    <title>${escapeAttribute(parts.title)}</title>
  </head>
  <body ${attribute("data-translations", JSON.stringify(parts.translations))}>
    <script type="module" ${attribute("nonce", parts.nonce)} ${attribute("src", parts.scriptUri)}></script>
  </body>
</html>
`;
}
