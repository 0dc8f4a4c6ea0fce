/** Every command of the editor, the panel and the sidebar: handler name → id in package.json. No `vscode` here, so that a test can read it. */
export const commandTable = {
  explain: "planlens.explain",
  explainWithValues: "planlens.explainWithValues",
  analyze: "planlens.analyze",
  cancel: "planlens.cancel",
  whyNot: "planlens.whyNot",
  showCalibration: "planlens.showCalibration",
  writeMigration: "planlens.writeMigration",
  confirmMigration: "planlens.confirmMigration",
  openRule: "planlens.openRule",
  chooseMigrationFolder: "planlens.chooseMigrationFolder",
  showLog: "planlens.showLog",
  adviseWorkspace: "planlens.adviseWorkspace",
  showAdvice: "planlens.showAdvice",
  askToCopy: "planlens.askToCopy",
  forgetValues: "planlens.forgetValues",
  openWalkthrough: "planlens.openWalkthrough",
  refreshSlowQueries: "planlens.slowQueries.refresh",
  sortSlowQueries: "planlens.slowQueries.sort",
  filterSlowQueries: "planlens.slowQueries.filter",
  clearSlowQueryFilter: "planlens.slowQueries.clearFilter",
  openSlowQuery: "planlens.slowQueries.open",
  copySlowQueryRemedy: "planlens.slowQueries.copyRemedy",
  refreshIndexes: "planlens.indexes.refresh",
  openIndexDefinition: "planlens.indexes.openDefinition",
  copyDropIndex: "planlens.indexes.copyDrop",
  copyCreateIndex: "planlens.indexes.copyCreate",
  previewSuggestedIndex: "planlens.indexes.previewMigration",
} as const;

export type CommandName = keyof typeof commandTable;

/** Where a command was asked for: a document and the start of the statement in it. Arrives as JSON, so it is parsed. */
export interface StatementPlace {
  readonly uri: string;
  readonly offset: number;
}

/** Reads what a link, a lens or a person's own keybinding handed over; undefined means "at the cursor". */
export function parsePlace(argument: unknown): StatementPlace | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { uri, offset } = argument as Record<string, unknown>;
  return typeof uri === "string" && typeof offset === "number" && offset >= 0
    ? { uri, offset }
    : undefined;
}
