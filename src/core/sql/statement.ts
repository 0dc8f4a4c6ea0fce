import type { TextSpan } from "../text-span.ts";
import type { ParameterPlace, ParameterTwin } from "./parameter-places.ts";

/** One statement of a script; the span excludes the closing semicolon and surrounding blanks and comments. */
export interface StatementSpan extends TextSpan {
  /** Zero-based position in the script. */
  readonly index: number;
  /** `metaCommand` is a psql backslash command; it is shown but never sent. */
  readonly kind: "sql" | "metaCommand";
}

/** A parameter as written by the user; several occurrences of one name share one number. */
export interface Placeholder {
  /** Its `$n` after replacement. */
  readonly number: number;
  /** As written: `$1`, `?`, `:name`, `@name`, `%s`, `%(name)s`, `{{ name }}`, `${expr}`, `#{expr}`, `sqlc.arg(x)`. */
  readonly written: string;
  /** Span in the statement's original text. */
  readonly span: TextSpan;
}

export type StatementVerb =
  | "select"
  | "values"
  | "insert"
  | "update"
  | "delete"
  | "merge"
  | "explain"
  | "createTableAs"
  | "declareCursor"
  | "execute"
  | "createMaterializedView"
  | "utility";

/** Why a statement is not plain reading, in terms the safety contract uses. */
export type Hazard =
  | { readonly kind: "writes"; readonly what: string }
  | { readonly kind: "writesInCte"; readonly what: string }
  | { readonly kind: "selectInto" }
  | { readonly kind: "locksRows"; readonly clause: string }
  /** A call that may have effects; `name` is for reading, StatementFacts.functions is what the adapter looks up before ANALYZE. */
  | { readonly kind: "callsFunction"; readonly name: string };

/** How a column is used by the statement, the advisor's raw material. */
export type ColumnRole =
  | "equality"
  | "range"
  | "join"
  | "prefixLike"
  | "leadingWildcardLike"
  | "inequality"
  | "isNull"
  | "isNotNull"
  | "containment"
  | "textSearch"
  | "sort"
  | "group"
  /** An order that would spare work without being asked for: of a window, DISTINCT, or of min and max. */
  | "order"
  /** ORDER BY a distance: `at <-> point '(1,2)'`. */
  | "nearest"
  | "output"
  | "assigned"
  | "other";

export interface TableReference {
  /** Zero-based, in order of appearance; columns refer to it. */
  readonly id: number;
  readonly schema: string | undefined;
  readonly name: string;
  readonly alias: string | undefined;
  /** Span of the table name in the text that was parsed (see ParsedStatement.sql). */
  readonly span: TextSpan;
  /** Zero at the top; each subquery or CTE body opens a scope of its own. */
  readonly scope: number;
  /** Target of INSERT, UPDATE, DELETE or MERGE. */
  readonly isTarget: boolean;
}

/** A column on the other side of a comparison, as written. */
export interface ComparedColumn {
  readonly qualifier: string | undefined;
  readonly column: string;
}

export interface ColumnUse {
  /** Undefined when the column could not be resolved without the catalog; see resolveColumns. */
  readonly table: number | undefined;
  readonly qualifier: string | undefined;
  readonly column: string;
  readonly scope: number;
  readonly role: ColumnRole;
  readonly span: TextSpan;
  /** Function or cast around the column that hides it from a plain index, as SQL text of the whole wrapped expression. */
  readonly wrappedIn: string | undefined;
  /** The other side: a literal, a parameter, another column, or an expression. */
  readonly against:
    | { readonly kind: "constant"; readonly text: string }
    | { readonly kind: "parameter"; readonly number: number }
    | {
        readonly kind: "column";
        readonly qualifier: string | undefined;
        readonly column: string;
        /** What stands between, read from the column whose use this is: `<`. */
        readonly operator?: string;
      }
    | {
        readonly kind: "expression";
        /** As of a column, where the expression names a few columns; absent otherwise. */
        readonly operator?: string;
        readonly columns?: readonly ComparedColumn[];
      }
    | undefined;
  /** For role `sort`. */
  readonly direction: "asc" | "desc" | undefined;
  readonly nulls: "first" | "last" | undefined;
  /** Zero-based position in its ORDER BY or GROUP BY list. */
  readonly position: number | undefined;
  /** True under OR or NOT: not usable as a conjunct. */
  readonly underOr: boolean;
  /** The comparison's operator with the column on its left, where that is more than `=`, `<` and the like. */
  readonly operator?: string;
  /** Under OR: conditions of one arm have the same number. */
  readonly arm?: number;
  /** For role `order`: uses of one window, DISTINCT or aggregate have the same number. */
  readonly list?: number;
}

/** Constructs a finding points at, found in the syntax tree. */
export type Construct =
  | {
      readonly kind: "offset";
      readonly span: TextSpan;
      readonly rows: number | undefined;
    }
  | {
      readonly kind: "limit";
      readonly span: TextSpan;
      readonly rows: number | undefined;
    }
  | { readonly kind: "notInSubquery"; readonly span: TextSpan }
  | { readonly kind: "correlatedSubquery"; readonly span: TextSpan }
  | {
      readonly kind: "leadingWildcard";
      readonly span: TextSpan;
      readonly column: string;
      readonly qualifier: string | undefined;
    }
  | {
      readonly kind: "wrappedColumn";
      readonly span: TextSpan;
      readonly column: string;
      readonly qualifier: string | undefined;
      readonly wrapper: string;
    }
  | { readonly kind: "orderBy"; readonly span: TextSpan }
  | {
      readonly kind: "selectStar";
      readonly span: TextSpan;
      readonly scope: number;
      readonly qualifier: string | undefined;
    }
  | { readonly kind: "countStar"; readonly span: TextSpan };

/** A name out of quotes and folded as PostgreSQL does; without a schema the search_path decides. */
export interface QualifiedName {
  readonly schema: string | undefined;
  readonly name: string;
}

export interface ScopeFacts {
  readonly id: number;
  readonly parent: number | undefined;
  readonly hasLimit: boolean;
  readonly hasGrouping: boolean;
  readonly hasDistinct: boolean;
  /** A CTE, subquery or function stands in FROM: a column may be its own. */
  readonly hasDerivedSource?: boolean;
  /** Where it stands, when it is a subquery in an expression that the planner makes no join of. */
  readonly subquery?: TextSpan;
}

export interface StatementFacts {
  readonly tables: readonly TableReference[];
  readonly columns: readonly ColumnUse[];
  /**
   * What the text implies beside `columns`: orders and distances (roles `order` and `nearest`), and conditions on a
   * subquery's or CTE's output, told of the table column that it is.
   */
  readonly implied?: readonly ColumnUse[];
  readonly constructs: readonly Construct[];
  readonly scopes: readonly ScopeFacts[];
  /** Called functions, each once. */
  readonly functions: readonly QualifiedName[];
  /** Operators, each once: as written, and those that BETWEEN, CASE, JOIN USING and IN stand for. */
  readonly operators: readonly QualifiedName[];
  /** Types that the text names, in casts and column lists, each once; of an array its elements' type. */
  readonly types: readonly QualifiedName[];
  /** What is written behind a dot, each once: a column or field, or a function that takes the row. */
  readonly members: readonly string[];
  /** Absent in a statement without `$n`. */
  readonly parameterPlaces?: readonly ParameterPlace[];
  readonly parameterTwins?: readonly ParameterTwin[];
}

export interface ParsedStatement {
  /** The statement as written. */
  readonly original: string;
  /** What is sent: placeholders are `$n`. Facts' spans refer to this text; toOriginal maps them back. */
  readonly sql: string;
  readonly placeholders: readonly Placeholder[];
  readonly verb: StatementVerb;
  readonly hazards: readonly Hazard[];
  readonly facts: StatementFacts;
  /** Maps an offset in `sql` to one in `original`. */
  readonly toOriginal: (offset: number) => number;
  /** PostgreSQL's own fingerprint of the text; a hash of the text where it nests too deep for that. */
  readonly fingerprint: string;
}

/** Why a text cannot be planned; offsets in the original text. */
export type ParseFailure =
  | { readonly kind: "empty" }
  | { readonly kind: "syntax"; readonly message: string; readonly at: number }
  | { readonly kind: "severalStatements"; readonly count: number }
  | { readonly kind: "metaCommand" }
  | { readonly kind: "nulByte"; readonly at: number }
  /** Grammar accepts it, EXPLAIN cannot take it: `COPY`, `DO`, `VACUUM`, `SET`, an `EXPLAIN` of the user's own … */
  | { readonly kind: "notExplainable"; readonly what: string }
  /** Nested thousands of levels deep. */
  | { readonly kind: "tooComplex" };
