import type { IndexDefinition } from "../suggestion.ts";

export interface MethodChoice {
  readonly method: IndexDefinition["method"];
  /** Undefined for the type's default class. */
  readonly operatorClass: string | undefined;
}

interface Rule {
  readonly types: RegExp;
  readonly operators: ReadonlySet<string>;
  /** Extension that brings the class. */
  readonly needs?: string;
  readonly choices: readonly MethodChoice[];
}

const set = (operators: string): ReadonlySet<string> =>
  new Set(operators.split(" "));

const by = (
  method: IndexDefinition["method"],
  operatorClass?: string,
): MethodChoice => ({ method, operatorClass });

const ranges = /^(?:int4|int8|num|ts|tstz|date)range$/;
const sides = "<< >> &< &>";
const planeSides = `${sides} <<| |>> &<| |&>`;

/**
 * Which methods and classes serve which operators: PostgreSQL's documentation of the built-in classes of
 * GiST, SP-GiST and GIN, and of pg_trgm. The best usual choice first. GiST is left out for words and
 * trigrams: its signatures find many rows that do not match, which the planner's costs do not show.
 */
const rules: readonly Rule[] = [
  {
    types: /^jsonb$/,
    operators: set("@> @? @@"),
    choices: [by("gin", "jsonb_path_ops"), by("gin")],
  },
  { types: /^jsonb$/, operators: set("? ?| ?&"), choices: [by("gin")] },
  { types: /\[\]$/, operators: set("&& @> <@"), choices: [by("gin")] },
  { types: /^hstore$/, operators: set("@> ? ?| ?&"), choices: [by("gin")] },
  {
    types: /^tsvector$/,
    operators: set("@@"),
    choices: [by("gin")],
  },
  {
    types: /^(?:text|character varying.*)$/,
    operators: set("~~ ~~* ~ ~* % <% <<%"),
    needs: "pg_trgm",
    choices: [by("gin", "gin_trgm_ops")],
  },
  {
    types: /^(?:text|character varying.*)$/,
    operators: set("<-> <->> <<->"),
    needs: "pg_trgm",
    choices: [by("gist", "gist_trgm_ops")],
  },
  {
    types: /^(?:text|character varying.*)$/,
    operators: set("^@"),
    choices: [by("spgist")],
  },
  {
    types: /^(?:inet|cidr)$/,
    operators: set("<< <<= >> >>= &&"),
    choices: [by("gist", "inet_ops"), by("spgist"), by("btree")],
  },
  {
    types: ranges,
    operators: set(`&& @> <@ -|- ${sides}`),
    choices: [by("gist"), by("spgist")],
  },
  {
    types: /^(?:int4|int8|num|ts|tstz|date)multirange$/,
    operators: set(`&& @> <@ -|- ${sides}`),
    choices: [by("gist")],
  },
  {
    types: /^point$/,
    operators: set("<@ ~= << >> <<| |>> <^ >^ <->"),
    choices: [by("gist"), by("spgist")],
  },
  {
    types: /^box$/,
    operators: set(`&& @> <@ ~= <-> ${planeSides}`),
    choices: [by("gist"), by("spgist")],
  },
  {
    types: /^polygon$/,
    operators: set(`&& @> <@ ~= <-> ${planeSides}`),
    choices: [by("gist"), by("spgist")],
  },
  {
    types: /^circle$/,
    operators: set(`&& @> <@ ~= <-> ${planeSides}`),
    choices: [by("gist")],
  },
  {
    types: /^(?:ltree|cube|seg|geometry.*|geography.*)$/,
    operators: set(`&& @> <@ ~ @ ? <-> <#> ~= ${planeSides}`),
    choices: [by("gist")],
  },
  {
    types:
      /^(?:smallint|integer|bigint|real|double precision|numeric.*|money|date|time.*|interval)$/,
    operators: set("<->"),
    needs: "btree_gist",
    choices: [by("gist")],
  },
];

/** Methods that serve the operator on the type, given the extensions of the database; empty when none does. */
export function methodsFor(
  type: string,
  operator: string,
  extensions: readonly string[],
): readonly MethodChoice[] {
  return rules
    .filter(
      (rule) =>
        rule.types.test(type) &&
        rule.operators.has(operator) &&
        (rule.needs === undefined || extensions.includes(rule.needs)),
    )
    .flatMap(({ choices }) => choices);
}
