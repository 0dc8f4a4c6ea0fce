import type { Text } from "../words.ts";
import type { IndexDefinition } from "../advice/suggestion.ts";

export type RunnerId =
  | "plain-sql"
  | "golang-migrate"
  | "dbmate"
  | "flyway"
  | "prisma"
  | "node-pg-migrate";

/** Workspace files as data: forward-slash paths relative to the workspace root. */
export interface WorkspaceListing {
  readonly paths: readonly string[];
  /** Contents of the few small files that detection asks for (package.json, migration_lock.toml, heads of .sql files in migration-like folders). */
  readonly contents: Readonly<Record<string, string>>;
}

export interface RunnerMatch {
  readonly runner: RunnerId;
  /** Folder for new files, relative, forward slashes. */
  readonly folder: string;
  /** In words: "file names like 000001_x.up.sql". */
  readonly evidence: Text;
  readonly certainty: "certain" | "likely" | "ambiguous";
}

export interface MigrationRequest {
  readonly index: IndexDefinition;
  readonly name: string;
  readonly folder: string;
  readonly concurrently: boolean;
  /** The clock is the caller's. */
  readonly now: Date;
  readonly listing: WorkspaceListing;
  /** Why the index is wanted, one line for the header comment: `Cost 48,210 → 12, proven by HypoPG 1.3.1`. */
  readonly reason?: string;
}

export interface MigrationFile {
  /** Relative, forward slashes. */
  readonly path: string;
  readonly content: string;
}

export interface Migration {
  readonly runner: RunnerId;
  readonly files: readonly MigrationFile[];
  /** What the person should know: one statement in the file, sidecar written, no down file … */
  readonly notes: readonly Text[];
}

export interface Runner {
  readonly id: RunnerId;
  /** As its users write it: `golang-migrate`, `Flyway`. */
  readonly title: string;
  readonly detect: (listing: WorkspaceListing) => readonly RunnerMatch[];
  readonly render: (request: MigrationRequest) => Migration;
}
