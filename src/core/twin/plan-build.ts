import type { Bundle, DdlObject } from "./bundle.ts";
import { checkDdl, type ParseTree } from "./check-ddl.ts";
import { phrase, words, type Text } from "../words.ts";
import { isCarriedExtension } from "./extensions.ts";
import { nameObject } from "./object-name.ts";
import { pickSettings } from "./settings.ts";

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

/** Sorts out what is built; a statement of another form than the allowed ones is never sent. */
export function planBuild(bundle: Bundle, parse: ParseTree): BuildPlan {
  const structure: DdlObject[] = [];
  const afterStatistics: DdlObject[] = [];
  const refused: Remark[] = [];
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
    settings: pickSettings(bundle.settings),
    refused,
  };
}
