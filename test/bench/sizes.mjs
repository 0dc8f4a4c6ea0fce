// `node test/bench/sizes.mjs [--json] …`: the size model against real builds; options in sizes.ts.
import { launch } from "./launch.mjs";

await launch("sizes");
