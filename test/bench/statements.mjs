// `node test/bench/statements.mjs [--json] [--only=WORDS] [--world=NAME] [--prover=KIND]`: see statements.ts.
import { launch } from "./launch.mjs";

await launch("statements");
