// Runs inside a desktop extension host: the extension activates and registers its commands.
const assert = require("node:assert");
const vscode = require("vscode");
const manifest = require("../../package.json");

exports.run = async () => {
  const extension = vscode.extensions.getExtension(`${manifest.publisher}.${manifest.name}`);
  assert.ok(extension, "the extension is not installed");
  await extension.activate();
  const commands = new Set(await vscode.commands.getCommands(true));
  for (const { command } of manifest.contributes.commands) {
    assert.ok(commands.has(command), `${command} is not registered`);
  }
};
