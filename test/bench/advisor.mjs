// `npm run bench:advisor -- BUNDLE.json.gz … [--seconds=60] [--explains=10000] [--patience=3] [--only=hypopg336] [--json]`: see advisor.ts.
import { launch } from "./launch.mjs";

await launch("advisor");
