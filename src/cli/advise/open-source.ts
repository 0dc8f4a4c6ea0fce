import { succeeded } from "../../core/result.ts";
import type { BundleQuery } from "../../core/twin/bundle.ts";
import { openLive } from "../open-live.ts";
import type { Progress } from "../progress.ts";
import { readFileBundle } from "../twin/read-file-bundle.ts";
import type { AdviseArguments } from "./arguments.ts";
import { askServer } from "./ask-server.ts";
import { openBundle } from "./bundle-source.ts";
import { openDemo } from "./demo-source.ts";
import { openLivePlanner } from "./open-planner.ts";
import type { Opened, OpenPlanner, Source, SourceNeeds } from "./source.ts";

async function openConnection(
  connection: string | undefined,
  needs: SourceNeeds,
): Opened<Source> {
  const live = await openLive({ connection, byBuilding: false }, needs.signal);
  if (!live.ok) return live;
  const { close } = live.value.database;
  const told = await askServer(live.value, needs);
  if (!told.ok) {
    await close();
    return told;
  }
  return succeeded({
    ...told.value,
    openPlanner: () => openLivePlanner(live.value, needs),
    close,
  });
}

/** Opens what `--connection`, `--bundle` or `--demo` names, and reads the statements that were asked of it. */
export function readSource(needs: SourceNeeds): Opened<Source> {
  const { source } = needs.asked;
  switch (source.kind) {
    case "demo":
      return openDemo(needs);
    case "bundle":
      return openBundle(source.file, needs);
    case "connection":
      return openConnection(source.url, needs);
  }
}

/** A planner with the queries of its bundle, whatever was asked of them: for benchmarks. */
export interface OpenSource extends OpenPlanner {
  readonly queries: readonly BundleQuery[];
}

/** Source and planner at once. */
export async function openSource(
  asked: AdviseArguments,
  signal: AbortSignal,
): Opened<OpenSource> {
  const nothing = (): void => undefined;
  const progress: Progress = { say: nothing, clear: nothing };
  const source = await readSource({ asked, progress, signal });
  if (!source.ok) return source;
  const planner = await source.value.openPlanner();
  if (!planner.ok) {
    await source.value.close();
    return planner;
  }
  const bundle =
    asked.source.kind === "bundle"
      ? await readFileBundle(asked.source.file)
      : undefined;
  const close = async (): Promise<void> => {
    await planner.value.close();
    await source.value.close();
  };
  const queries = bundle?.ok === true ? bundle.value.queries : [];
  return succeeded({ ...planner.value, queries, close });
}
