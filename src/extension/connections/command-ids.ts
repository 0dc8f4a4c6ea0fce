/** Every command about connections: handler name → id in package.json. No `vscode` here, so that a test can read it. */
export const connectionCommands = {
  add: "planlens.connections.add",
  demo: "planlens.connections.demo",
  openBundle: "planlens.connections.openBundle",
  use: "planlens.connections.use",
  useForFile: "planlens.connections.useForFile",
  connect: "planlens.connections.connect",
  test: "planlens.connections.test",
  edit: "planlens.connections.edit",
  remove: "planlens.connections.remove",
  password: "planlens.connections.password",
  reconnect: "planlens.connections.reconnect",
  disconnect: "planlens.connections.disconnect",
  addFound: "planlens.connections.addFound",
  refresh: "planlens.connections.refresh",
} as const;

export type ConnectionCommand = keyof typeof connectionCommands;
