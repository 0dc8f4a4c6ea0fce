import * as vscode from "vscode";
import type {
  Database,
  DatabaseError,
  ParameterDescription,
} from "../../app/database.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import {
  recallValues,
  rememberValues,
  type Values,
} from "./remembered-values.ts";

interface ValueItem extends vscode.QuickPickItem {
  readonly value: string | null;
}

function offered(
  description: ParameterDescription,
  before: string | null | undefined,
): ValueItem[] {
  const items: ValueItem[] = [];
  if (typeof before === "string")
    items.push({
      label: before,
      description: vscode.l10n.t("used last"),
      value: before,
    });
  for (const example of description.examples)
    if (example !== before)
      items.push({
        label: example,
        description: vscode.l10n.t("from the statistics"),
        value: example,
      });
  items.push({
    label: "NULL",
    description: vscode.l10n.t("no value"),
    value: null,
  });
  return items;
}

function askOne(
  title: string,
  placeholder: string,
  items: readonly ValueItem[],
): Promise<{ readonly value: string | null } | undefined> {
  const pick = vscode.window.createQuickPick<ValueItem>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.ignoreFocusOut = true;
  pick.items = items;
  const typed = (text: string): ValueItem => ({
    label: text,
    description: vscode.l10n.t("as typed"),
    alwaysShow: true,
    value: text,
  });
  pick.onDidChangeValue((text) => {
    pick.items = text === "" ? items : [typed(text), ...items];
  });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen !== undefined) resolve({ value: chosen.value });
      pick.dispose();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

const writtenAs = (statement: ParsedStatement, number: number): string =>
  statement.placeholders.find((placeholder) => placeholder.number === number)
    ?.written ?? `$${String(number)}`;

/** Asks for one value per parameter, with its type and values from pg_stats, and remembers them for this query. Undefined when the person left. */
async function askValues(
  statement: ParsedStatement,
  descriptions: readonly ParameterDescription[],
  memory: vscode.Memento,
): Promise<Values | undefined> {
  const before = recallValues(memory, statement);
  const values: (string | null)[] = [];
  for (const [at, description] of descriptions.entries()) {
    const answer = await askOne(
      vscode.l10n.t(
        "Value of {0} ({1} of {2})",
        writtenAs(statement, description.number),
        at + 1,
        descriptions.length,
      ),
      vscode.l10n.t("Type {0}; type a value or choose one", description.type),
      offered(description, before[at]),
    );
    if (answer === undefined) return undefined;
    values.push(answer.value);
  }
  await rememberValues(memory, statement, values);
  return values;
}

/** No question where the statement has no parameter. */
export async function valuesFor(
  statement: ParsedStatement,
  database: Database,
  memory: vscode.Memento,
  signal: AbortSignal,
): Promise<
  | { readonly kind: "values"; readonly values: Values }
  | { readonly kind: "left" }
  | { readonly kind: "failed"; readonly error: DatabaseError }
> {
  if (statement.placeholders.length === 0)
    return { kind: "values", values: [] };
  const described = await database.describeParameters(statement, signal);
  if (!described.ok) return { kind: "failed", error: described.error };
  const values = await askValues(statement, described.value, memory);
  return values === undefined ? { kind: "left" } : { kind: "values", values };
}
