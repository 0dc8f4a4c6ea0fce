/**
 * Extensions that bring types, operators and index methods and reach nothing outside the database.
 * Others (foreign servers, languages, schedulers) are not created in a twin: they are in no plan.
 */
const harmless: ReadonlySet<string> = new Set([
  "address_standardizer",
  "bloom",
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "dict_int",
  "dict_xsyn",
  "earthdistance",
  "fuzzystrmatch",
  "h3",
  "h3_postgis",
  "hstore",
  "intarray",
  "ip4r",
  "isn",
  "lo",
  "ltree",
  "pg_bigm",
  "pg_trgm",
  "pgcrypto",
  "pgroonga",
  "postgis",
  "postgis_raster",
  "postgis_topology",
  "rum",
  "seg",
  "semver",
  "tablefunc",
  "tsm_system_rows",
  "tsm_system_time",
  "unaccent",
  "unit",
  "uuid-ossp",
  "vector",
]);

export const isCarriedExtension = (name: string): boolean => harmless.has(name);
