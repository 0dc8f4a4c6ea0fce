// `npm run bench:promises -- BUNDLE.json.gz … [--server=URL] [--shares=0.25,0.5] [--json] …`: see promises.ts.
import { launch, root } from "./launch.mjs";

await launch("promises", [root, ...process.argv.slice(2)]);
