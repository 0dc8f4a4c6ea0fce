import { phrase, words } from "../../words.ts";
import { fileNameOf, filesIn, foldersWith, joinPath } from "../listing.ts";
import { commonNotes, createScript, fileSlug } from "../migration-text.ts";
import type {
  Migration,
  MigrationRequest,
  Runner,
  RunnerMatch,
  WorkspaceListing,
} from "../migration.ts";
import { nextVersion, renderTimestamp } from "../version.ts";

const versioned = /^V([0-9][0-9._]*)__(.*)\.sql$/;
const digitsOnly = /^V([0-9]+)__/;
const configName = /^flyway\.(?:conf|toml)$|^flyway\.user\.toml$/;

/** Both are needed: without the second Flyway's own lock transaction makes the build wait for ever. */
const sidecar =
  "executeInTransaction=false\nflyway.postgresql.transactional.lock=false\n";

function detect(listing: WorkspaceListing): readonly RunnerMatch[] {
  const hasConfig = listing.paths.some((path) =>
    configName.test(fileNameOf(path)),
  );
  const found = foldersWith(listing, versioned).map((folder): RunnerMatch => {
    const names = filesIn(listing, folder).filter((name) =>
      versioned.test(name),
    );
    const last = names.at(-1) ?? "";
    return {
      runner: "flyway",
      folder,
      evidence: phrase(
        hasConfig
          ? "a Flyway configuration and file names like {0}"
          : "file names like {0}",
        last,
      ),
      certainty: hasConfig ? "certain" : "likely",
    };
  });
  if (found.length > 0 || !hasConfig) return found;
  const evidence = words("a Flyway configuration, no migration yet");
  return [
    {
      runner: "flyway",
      folder: "src/main/resources/db/migration",
      evidence,
      certainty: "likely",
    },
  ];
}

/** Flyway compares version parts as numbers; `.` and `_` both part them. */
function partsOf(version: string): readonly bigint[] {
  return version
    .split(/[._]/)
    .filter((part) => part !== "")
    .map((part) => BigInt(part));
}

function compareVersions(first: string, second: string): number {
  const a = partsOf(first);
  const b = partsOf(second);
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const left = a[at] ?? 0n;
    const right = b[at] ?? 0n;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** `V7` → `8`, `V1.4` → `1.5`, `V20260101120000` → now; an empty folder begins with 1. */
function versionAfter(names: readonly string[], now: Date): string {
  const versions = names.flatMap((name) => versioned.exec(name)?.[1] ?? []);
  const latest = [...versions].sort(compareVersions).at(-1);
  if (latest === undefined) return "1";
  const dated = /^(\d{8})[._](\d{6})$/.exec(latest);
  if (dated !== null) {
    const stamp = nextVersion([`${dated[1] ?? ""}${dated[2] ?? ""}`], {
      usual: { kind: "timestamp" },
      now,
    });
    return `${stamp.slice(0, 8)}${latest.charAt(8)}${stamp.slice(8)}`;
  }
  if (digitsOnly.test(`V${latest}__`))
    return nextVersion([latest], {
      usual: { kind: "sequence", width: 1 },
      now,
    });
  const last = /^(.*[._])(\d+)$/.exec(latest);
  if (last === null) return renderTimestamp(now);
  const [, head = "", tail = ""] = last;
  return head + String(BigInt(tail) + 1n).padStart(tail.length, "0");
}

function render(request: MigrationRequest): Migration {
  const version = versionAfter(
    filesIn(request.listing, request.folder),
    request.now,
  );
  const path = joinPath(
    request.folder,
    `V${version}__${fileSlug(request)}.sql`,
  );
  const file = {
    path,
    content: createScript(request),
  };
  const noUndo = words(
    "No undo file: Flyway reads U files in its paid editions only.",
  );
  if (!request.concurrently)
    return {
      runner: "flyway",
      files: [file],
      notes: [...commonNotes(request), noUndo],
    };
  return {
    runner: "flyway",
    files: [file, { path: `${path}.conf`, content: sidecar }],
    notes: [
      ...commonNotes(request),
      words(
        "The .sql.conf beside it turns off the transaction and Flyway's transactional lock; without the second the build waits for Flyway itself.",
      ),
      noUndo,
    ],
  };
}

/** Evidence: Flyway's script configuration files and migrations documentation; flyway#3854 for the lock. */
export const flyway: Runner = { id: "flyway", title: "Flyway", detect, render };
