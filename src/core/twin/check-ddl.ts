import { failed, succeeded, type Result } from "../result.ts";
import {
  bodyOf,
  isBody,
  readBody,
  readList,
  readNames,
  readText,
  tagged,
  visit,
  type Body,
  type Tagged,
} from "../sql/syntax-tree.ts";
import { phrase, words, type Text } from "../words.ts";

/** PostgreSQL's grammar over one text; throws where the text is not SQL. */
export type ParseTree = (sql: string) => unknown;

/** The grammar of the product's parser, without its reading of queries. Rejects when its WebAssembly is missing. */
export async function loadParseTree(): Promise<ParseTree> {
  const grammar = await import("libpg-query");
  await grammar.loadModule();
  return (sql) => grammar.parseSync(sql);
}

/** Undefined when the statement is of an allowed form; otherwise why it is refused, without a full stop. */
type Check = (body: Body) => Text | undefined;

const fine: Check = () => undefined;

const first = (
  ...reasons: readonly (Text | false | undefined)[]
): Text | undefined =>
  reasons.find(
    (reason): reason is Text => reason !== false && reason !== undefined,
  );

const has = (body: Body, field: string): boolean => body[field] !== undefined;

/** What DefElem lists hold: `language`, `canonical`, … */
function readElements(
  body: Body,
  field: string,
): readonly { readonly name: string; readonly body: Body }[] {
  return readList(body, field).flatMap((item) => {
    const element = bodyOf(item, "DefElem");
    return element === undefined
      ? []
      : [{ name: readText(element, "defname") ?? "", body: element }];
  });
}

const isPermanent = (relation: Body | undefined): boolean =>
  relation !== undefined && readText(relation, "relpersistence") === "p";

const checkTable: Check = (body) =>
  first(
    !isPermanent(readBody(body, "relation")) &&
      words("only ordinary tables are created"),
    has(body, "tablespacename") && words("a tablespace is named"),
    has(body, "ofTypename") && words("the table is of a named type"),
  );

/** Bounds are evaluated when the partition is attached: nothing but constants. */
function checkBound(bound: Body | undefined): Text | undefined {
  let reason: Text | undefined;
  const constants = ["A_Const", "TypeCast", "TypeName", "String", "Integer"];
  visit(bound, ({ tag, body }) => {
    const isEnd =
      tag === "ColumnRef" &&
      /^(min|max)value$/i.test(readNames(body, "fields")[0] ?? "");
    if (!isEnd && !constants.includes(tag))
      reason = words("a partition's bound is not a constant");
    return !isEnd;
  });
  return reason;
}

const tableChanges: Readonly<Record<string, Check>> = {
  AT_AttachPartition: (command) => {
    const partition = bodyOf(command["def"], "PartitionCmd");
    return checkBound(partition && readBody(partition, "bound"));
  },
  AT_AddInherit: fine,
  AT_AddConstraint: fine,
  AT_ColumnDefault: fine,
};

const checkTableChange: Check = (body) => {
  if (readText(body, "objtype") !== "OBJECT_TABLE")
    return words("only tables are altered");
  for (const item of readList(body, "cmds")) {
    const command = bodyOf(item, "AlterTableCmd") ?? {};
    const kind = readText(command, "subtype") ?? "nothing";
    const check = Object.hasOwn(tableChanges, kind)
      ? tableChanges[kind]
      : undefined;
    const reason =
      check === undefined
        ? phrase("{0} is not among the forms", kind)
        : check(command);
    if (reason !== undefined) return reason;
  }
  return undefined;
};

const languages = ["sql", "plpgsql"];
const functionElements = [
  "language",
  "volatility",
  "strict",
  "security",
  "leakproof",
  "cost",
  "rows",
  "parallel",
  "set",
  "as",
  "window",
];

function checkLanguage(body: Body): Text | undefined {
  const argument = bodyOf(body["arg"], "String");
  const language = (argument && readText(argument, "sval")) ?? "";
  return languages.includes(language)
    ? undefined
    : phrase(
        "it is written in {0}; only SQL and PL/pgSQL are carried",
        language,
      );
}

function checkFunctionSetting(body: Body): Text | undefined {
  const setting = bodyOf(body["arg"], "VariableSetStmt") ?? {};
  const name = readText(setting, "name") ?? "";
  return /^(role|session_authorization)$/i.test(name)
    ? words("it changes the role")
    : undefined;
}

function checkElement(name: string, body: Body): Text | undefined {
  if (!functionElements.includes(name))
    return phrase("its {0} is not carried", name);
  if (name === "language") return checkLanguage(body);
  return name === "set" ? checkFunctionSetting(body) : undefined;
}

const checkFunction: Check = (body) => {
  const elements = readElements(body, "options");
  return first(
    body["is_procedure"] === true && words("procedures are in no plan"),
    !elements.some(({ name }) => name === "language") &&
      words("its language is missing"),
    ...elements.map((element) => checkElement(element.name, element.body)),
  );
};

const checkRange: Check = (body) =>
  first(
    ...readElements(body, "params").map(
      ({ name }) =>
        // Reading statistics would call it, with the rights of the superuser.
        name === "canonical" && words("its canonical function would be called"),
    ),
  );

/** Constraints follow when the statistics are in: reading values must call nothing. */
const checkDomain: Check = (body) =>
  first(
    readList(body, "constraints").length > 0 &&
      words("constraints of a domain stand in statements of their own"),
  );

const checkDomainChange: Check = (body) => {
  const subtype = readText(body, "subtype") ?? "";
  return ["C", "O", "AD_AddConstraint", "AD_SetNotNull"].includes(subtype)
    ? undefined
    : words("only constraints are added to a domain");
};

const checkIndex: Check = (body) =>
  first(
    body["concurrent"] === true && words("it asks for CONCURRENTLY"),
    has(body, "tableSpace") && words("a tablespace is named"),
    !isPermanent(readBody(body, "relation")) &&
      words("only tables are indexed"),
  );

const checkView: Check = (body) =>
  first(
    !isPermanent(readBody(body, "view")) &&
      words("only ordinary views are created"),
    bodyOf(body["query"], "SelectStmt") === undefined &&
      words("a view is made of a SELECT"),
  );

/** Every form that a bundle may hold, by the grammar's node; all others are refused. */
const forms: Readonly<Record<string, Check>> = {
  CreateSchemaStmt: (body) =>
    first(
      readList(body, "schemaElts").length > 0 &&
        words("a schema is created without content"),
      has(body, "authrole") && words("a role is named"),
    ),
  CreateEnumStmt: fine,
  CompositeTypeStmt: fine,
  CreateRangeStmt: checkRange,
  CreateDomainStmt: checkDomain,
  AlterDomainStmt: checkDomainChange,
  CreateSeqStmt: (body) =>
    first(
      !isPermanent(readBody(body, "sequence")) &&
        words("only ordinary sequences are created"),
    ),
  CreateFunctionStmt: checkFunction,
  CreateStmt: checkTable,
  AlterTableStmt: checkTableChange,
  IndexStmt: checkIndex,
  ViewStmt: checkView,
  CreateStatsStmt: fine,
};

/** A statement of an allowed form. */
export interface CheckedDdl {
  readonly form: string;
  readonly sql: string;
}

function readStatement(sql: string, parse: ParseTree): Result<Tagged, Text> {
  let tree: unknown;
  try {
    tree = parse(sql);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return failed(
      phrase("it is not SQL that this PlanLens reads: {0}", detail),
    );
  }
  const statements = isBody(tree) ? readList(tree, "stmts") : [];
  const [only] = statements;
  if (statements.length !== 1 || !isBody(only))
    return failed(
      phrase(
        "it holds {0} statements instead of one",
        String(statements.length),
      ),
    );
  const statement = tagged(only["stmt"]);
  return statement === undefined
    ? failed(words("it is empty"))
    : succeeded(statement);
}

/** Reads one statement of a bundle with PostgreSQL's grammar; the failure says why it is refused. */
export function checkDdl(
  sql: string,
  parse: ParseTree,
): Result<CheckedDdl, Text> {
  const statement = readStatement(sql, parse);
  if (!statement.ok) return statement;
  const { tag, body } = statement.value;
  const check = Object.hasOwn(forms, tag) ? forms[tag] : undefined;
  if (check === undefined)
    return failed(
      phrase("{0} is not among the statements that build a schema", tag),
    );
  const reason = check(body);
  return reason === undefined ? succeeded({ form: tag, sql }) : failed(reason);
}
