import type { Step } from "./exchange.ts";

/**
 * Before a catalog query that looks expensive, in the same exchange: compiling it takes many times longer than running
 * it. For that query alone: plans tell the server's own settings.
 */
export const withoutJit: Step = {
  text: "SELECT /* planlens */ set_config('jit', 'off', true)",
};
