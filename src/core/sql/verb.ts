import type { Result } from "../result.ts";
import { failed, succeeded } from "../result.ts";
import type { StatementVerb } from "./statement.ts";
import { readBody, readList, readText } from "./syntax-tree.ts";
import type { Body, Tagged } from "./syntax-tree.ts";

const verbs: Readonly<Record<string, StatementVerb>> = {
  InsertStmt: "insert",
  UpdateStmt: "update",
  DeleteStmt: "delete",
  MergeStmt: "merge",
  DeclareCursorStmt: "declareCursor",
  ExecuteStmt: "execute",
};

/** Node types whose name does not say what the user wrote. */
const wordings: Readonly<Record<string, string>> = {
  ExplainStmt: "EXPLAIN",
  VacuumStmt: "VACUUM",
  VariableSetStmt: "SET",
  VariableShowStmt: "SHOW",
  ViewStmt: "CREATE VIEW",
  IndexStmt: "CREATE INDEX",
  RuleStmt: "CREATE RULE",
  RenameStmt: "ALTER … RENAME",
  ClosePortalStmt: "CLOSE",
  CheckPointStmt: "CHECKPOINT",
  CreateStmt: "CREATE TABLE",
  CreateSeqStmt: "CREATE SEQUENCE",
  CreateTrigStmt: "CREATE TRIGGER",
  CreatePLangStmt: "CREATE LANGUAGE",
  CreatedbStmt: "CREATE DATABASE",
  DropdbStmt: "DROP DATABASE",
  RefreshMatViewStmt: "REFRESH MATERIALIZED VIEW",
  LockStmt: "LOCK TABLE",
};

/** First words of a transaction statement by its kind: TRANS_STMT_ROLLBACK_TO → ROLLBACK TO. */
function transactionWording(body: Body): string {
  const kind = readText(body, "kind") ?? "";
  return kind.replace("TRANS_STMT_", "").replaceAll("_", " ");
}

function grantWording(body: Body): string {
  return body["is_grant"] === true ? "GRANT" : "REVOKE";
}

/** What the user wrote, in SQL's words: `AlterTableStmt` → `ALTER TABLE`. */
function utilityWording(node: Tagged): string {
  if (node.tag === "TransactionStmt") return transactionWording(node.body);
  if (node.tag === "GrantStmt" || node.tag === "GrantRoleStmt")
    return grantWording(node.body);
  if (node.tag === "VacuumStmt" && node.body["is_vacuumcmd"] !== true)
    return "ANALYZE";
  const known = wordings[node.tag];
  if (known !== undefined) return known;
  const words = node.tag.replace(/Stmt$/, "");
  return words.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toUpperCase();
}

function selectVerb(body: Body): StatementVerb {
  const isValues =
    readList(body, "valuesLists").length > 0 && !readBody(body, "withClause");
  return isValues ? "values" : "select";
}

/**
 * The statement's kind, or the words of one that EXPLAIN does not take. The
 * explainable ones are those of ExplainableStmt in PostgreSQL's gram.y, less
 * REFRESH MATERIALIZED VIEW, which has no plan to show.
 */
export function readVerb(
  node: Tagged,
): Result<StatementVerb, { readonly what: string }> {
  if (node.tag === "SelectStmt") return succeeded(selectVerb(node.body));
  if (node.tag === "CreateTableAsStmt") {
    const isView = readText(node.body, "objtype") === "OBJECT_MATVIEW";
    return succeeded(isView ? "createMaterializedView" : "createTableAs");
  }
  const verb = verbs[node.tag];
  return verb === undefined
    ? failed({ what: utilityWording(node) })
    : succeeded(verb);
}
