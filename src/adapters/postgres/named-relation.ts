/**
 * The OID of the relation of this name, both being SQL expressions; NULL where there is none. Without a schema it is
 * what the search_path shows. With one, to_regclass would fail for a role that may not use the schema, and a view
 * there may be read all the same.
 */
export const relationNamed = (schema: string, name: string): string =>
  `CASE WHEN ${schema} IS NULL THEN to_regclass(quote_ident(${name}))::oid ELSE (
      SELECT named.oid FROM pg_class named JOIN pg_namespace owner ON owner.oid = named.relnamespace
      WHERE owner.nspname = ${schema} AND named.relname = ${name}) END`;
