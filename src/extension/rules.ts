import * as vscode from "vscode";

const ruleId = /^[a-z]+(?:-[a-z]+)*$/u;

/** Opens the bundled page of a rule, rendered. Whatever is not the name of a rule is refused. */
export async function openRule(
  extensionUri: vscode.Uri,
  rule: unknown,
): Promise<void> {
  if (typeof rule !== "string" || !ruleId.test(rule)) return;
  const page = vscode.Uri.joinPath(extensionUri, "docs", "rules", `${rule}.md`);
  await vscode.commands.executeCommand("markdown.showPreview", page);
}
