import type { Bundle, DdlObject } from "./bundle.ts";
import { checkDdl, type ParseTree } from "./check-ddl.ts";
import { phrase, words, type Text } from "../words.ts";
import { isCarriedExtension } from "./extensions.ts";
import { nameObject } from "./object-name.ts";
import { leadsNowhere, pickSettings } from "./settings.ts";

/** Something of the source that the twin does not have, and why. */
export interface Remark {
  readonly what: Text;
  /** Without a full stop. */
  readonly why: Text;
}

/** A build as data: what to send in which order, all of it checked. */
export interface BuildPlan {
  readonly extensions: Bundle["extensions"];
  readonly structure: readonly DdlObject[];
  /** Constraints of domains: while they are missing, reading statistics calls no function of the bundle. */
  readonly afterStatistics: readonly DdlObject[];
  readonly settings: readonly (readonly [string, string])[];
  readonly refused: readonly Remark[];
}

const nowhere: Remark = {
  what: phrase("setting {0}", "search_path"),
  why: words(
    "it names no schema of the bundle, so that none of its tables would be found",
  ),
};

/** A search_path that somebody wrote by hand, or that was another session's, would hide the bundle's own tables. */
function chooseSettings(bundle: Bundle): Pick<BuildPlan, "settings"> & {
  readonly refused: readonly Remark[];
} {
  const settings = pickSettings(bundle.settings);
  const schemas = new Set([
    ...bundle.relations.map(({ schema }) => schema),
    ...bundle.ddl.flatMap(({ what }) =>
      what.startsWith("schema ") ? [what.slice("schema ".length)] : [],
    ),
  ]);
  const kept = settings.filter(
    ([name, value]) =>
      name.toLowerCase() !== "search_path" || !leadsNowhere(value, schemas),
  );
  return {
    settings: kept,
    refused: kept.length < settings.length ? [nowhere] : [],
  };
}

/** Sorts out what is built; a statement of another form than the allowed ones is never sent. */
export function planBuild(bundle: Bundle, parse: ParseTree): BuildPlan {
  const structure: DdlObject[] = [];
  const afterStatistics: DdlObject[] = [];
  const { settings, refused: unfit } = chooseSettings(bundle);
  const refused: Remark[] = [...unfit];
  for (const object of bundle.ddl) {
    const checked = checkDdl(object.sql, parse);
    if (!checked.ok)
      refused.push({ what: nameObject(object.what), why: checked.error });
    else if (checked.value.form === "AlterDomainStmt")
      afterStatistics.push(object);
    else structure.push(object);
  }
  for (const { name } of bundle.extensions) {
    if (!isCarriedExtension(name))
      refused.push({
        what: phrase("extension {0}", name),
        why: words(
          "it is not among the extensions that a twin needs and may have",
        ),
      });
  }
  return {
    extensions: bundle.extensions.filter(({ name }) =>
      isCarriedExtension(name),
    ),
    structure,
    afterStatistics,
    settings,
    refused,
  };
}
