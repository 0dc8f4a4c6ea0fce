/** A text as an SQL literal; backslashes stand for themselves, as they do by default. */
export const quoteLiteral = (text: string): string =>
  `'${text.replaceAll("'", "''")}'`;
