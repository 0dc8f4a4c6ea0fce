/** Functions PostgreSQL marks immutable; others may be refused in an index. */
export const immutableCalls: ReadonlySet<string> = new Set(
  "lower upper btrim ltrim rtrim trim length char_length md5 abs round floor ceil coalesce left right substr substring replace jsonb_extract_path_text point box circle int4range int8range numrange tsrange tstzrange daterange".split(
    " ",
  ),
);
