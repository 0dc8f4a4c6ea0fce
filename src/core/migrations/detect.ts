import { runners } from "./catalogue.ts";
import type { RunnerMatch, WorkspaceListing } from "./migration.ts";

const order = { certain: 0, likely: 1, ambiguous: 2 } as const;

/** Folders whose files belong to the project, not to what it depends on or builds. */
function isOwn(path: string): boolean {
  return !/(?:^|\/)(?:node_modules|vendor|dist|out|build|target|\.git)\//.test(
    path,
  );
}

/** A folder claimed by a configuration or marker is not claimed again by file names alone. */
function withoutWeaker(
  matches: readonly RunnerMatch[],
): readonly RunnerMatch[] {
  const certain = new Set(
    matches
      .filter((match) => match.certainty === "certain")
      .map((match) => match.folder),
  );
  return matches.filter(
    (match) => match.certainty === "certain" || !certain.has(match.folder),
  );
}

/**
 * Runners the workspace seems to use, surest first: configuration, then markers, then
 * file-name shape. Several mean that the person has to choose; none that they have to say where.
 */
export function detectRunners(
  listing: WorkspaceListing,
): readonly RunnerMatch[] {
  const own = { ...listing, paths: listing.paths.filter(isOwn) };
  const matches = withoutWeaker(
    runners.flatMap((runner) => runner.detect(own)),
  );
  return [...matches].sort((a, b) => order[a.certainty] - order[b.certainty]);
}
