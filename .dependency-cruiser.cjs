// The walls of docs/ARCHITECTURE.md, held by machine.
const wall = (name, from, notTo, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: notTo,
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    wall("core-is-pure", "^src/core/", { pathNot: "^src/core/|^node_modules/libpg-query/" }, "core imports itself and the SQL parser"),
    wall("protocol-knows-core", "^src/protocol/", { pathNot: "^src/(core|protocol)/" }, "protocol imports core only"),
    wall("app-knows-core", "^src/app/", { pathNot: "^src/(core|app)/" }, "use cases import core only"),
    wall("adapters-know-no-front-end", "^src/adapters/", { path: "^(src/(extension|cli|protocol)|webview)/" }, "adapters know neither front end"),
    wall("postgres-knows-no-neighbour", "^src/adapters/postgres/", { path: "^src/adapters/(?!postgres/)" }, "no adapter imports another"),
    wall("mongodb-knows-no-neighbour", "^src/adapters/mongodb/", { path: "^src/adapters/(?!mongodb/)" }, "no adapter imports another"),
    wall("local-server-knows-no-neighbour", "^src/adapters/local-server/", { path: "^src/adapters/(?!local-server/)" }, "no adapter imports another"),
    wall("calibration-knows-no-neighbour", "^src/adapters/calibration/", { path: "^src/adapters/(?!calibration/)" }, "no adapter imports another"),
    wall("demo-knows-no-neighbour", "^src/adapters/demo/", { path: "^src/adapters/(?!demo/)" }, "no adapter imports another"),
    wall("vscode-has-one-home", "^src/(?!extension/)|^webview/", { path: "^vscode$" }, "only src/extension imports vscode"),
    wall("nobody-imports-a-front-end", "^(src/(?!extension/|cli/)|webview/)", { path: "^src/(extension|cli)/" }, "front ends are roots"),
    wall("cli-knows-no-editor", "^src/cli/", { path: "^(src/(extension|protocol)|webview)/" }, "the command line imports adapters, app, core"),
    wall("extension-knows-no-cli", "^src/extension/", { path: "^(src/cli|webview)/" }, "the extension imports neither the command line nor the webview"),
    wall("webview-knows-protocol-and-core", "^webview/", { path: "^src/(app|adapters|extension|cli)/|^(node:)?(fs|path|os|child_process|net|tls)$" }, "the webview imports protocol, core and its UI libraries"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"], extensions: [".ts", ".js", ".mjs", ".cjs", ".json"] },
  },
};
