// Twins against their sources: plans equal, largest differences, time to build; see twin.ts for the arguments.
import path from "node:path";
import { launch, root } from "./launch.mjs";

// It runs at the root; files are named from where it was started.
const given = process.argv
  .slice(2)
  .map((one) => (one.startsWith("--") ? one : path.resolve(one)));
await launch("twin", [root, ...given], { cwd: root });
