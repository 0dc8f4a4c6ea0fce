/** The text as a regular expression that finds just this text, with the flag `u` too. */
export const escapePattern = (text: string): string =>
  text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
