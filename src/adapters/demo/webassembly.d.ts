// What the demo server uses of WebAssembly; Node has it, but only TypeScript's browser library describes it.
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: "WebAssembly.Module";
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
