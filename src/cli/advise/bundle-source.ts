import { succeeded } from "../../core/result.ts";
import type { Bundle } from "../../core/twin/bundle.ts";
import { serveTwin } from "../statistics-twin.ts";
import { readFileBundle } from "../twin/read-file-bundle.ts";
import type { AdviseArguments } from "./arguments.ts";
import { openOnTwin } from "./open-planner.ts";
import {
  nothingFound,
  titleOf,
  type FoundQuery,
  type Opened,
  type Source,
  type SourceNeeds,
} from "./source.ts";

/** Of a bundle: with --from-statements those that were counted, without files those that count in a comparison. */
function chooseQueries(
  { queries }: Bundle,
  { fromStatements, allQueries, files }: AdviseArguments,
): readonly FoundQuery[] {
  const chosen = fromStatements
    ? queries.filter(({ calls }) => calls !== undefined)
    : files.length > 0
      ? []
      : queries.filter(({ counted }) => counted || allQueries);
  return chosen.map(({ name, sql, calls }) => ({
    name,
    text: sql,
    calls,
    place: titleOf(name, sql),
  }));
}

/** A twin of the bundle, built when it is needed. */
export async function openBundle(
  file: string,
  needs: SourceNeeds,
): Opened<Source> {
  const bundle = await readFileBundle(file);
  if (!bundle.ok) return bundle;
  const { asked, progress, signal } = needs;
  return succeeded({
    found: chooseQueries(bundle.value, asked),
    withoutFound: nothingFound(
      `${file} holds no ${asked.fromStatements ? "counted " : ""}queries. Export it with --with-statements, or give FILE.sql.`,
    ),
    usage: undefined,
    openPlanner: async () => {
      progress.say("Building a twin from the bundle");
      return openOnTwin(
        await serveTwin(bundle.value, asked.server, signal),
        asked,
      );
    },
    close: () => Promise.resolve(),
  });
}
