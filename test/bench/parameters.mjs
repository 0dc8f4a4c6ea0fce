// `node test/bench/parameters.mjs BUNDLE.json.gz … [--servers 13,14,15]`: see parameters.ts.
import { launch } from "./launch.mjs";

await launch("parameters");
