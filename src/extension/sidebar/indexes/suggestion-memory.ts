import type { ConnectionProfile } from "../../../app/connection.ts";
import { renderCreateIndex } from "../../../core/advice/render-ddl.ts";
import type { Suggestion } from "../../../core/advice/suggestion.ts";
import type { Explainer } from "../../editor/explainer.ts";

/** What was suggested for single statements since the window opened. */
export interface SuggestionMemory {
  readonly of: (profile: ConnectionProfile) => readonly Suggestion[];
}

// Of more than these a person looks at none.
const mostKept = 50;

/** An edited connection is another one. */
const keyOf = ({ id, target }: ConnectionProfile): string =>
  JSON.stringify([id, target]);

/** The explainer, and what it has suggested, the latest first; the same index once. */
export function rememberSuggestions(explainer: Explainer): {
  readonly explainer: Explainer;
  readonly suggestions: SuggestionMemory;
} {
  const kept = new Map<string, Map<string, Suggestion>>();
  const keep = (profile: ConnectionProfile, one: Suggestion): void => {
    const ofProfile = kept.get(keyOf(profile)) ?? new Map<string, Suggestion>();
    kept.set(keyOf(profile), ofProfile);
    const ddl = renderCreateIndex(one.index, "", { concurrently: false });
    ofProfile.delete(ddl);
    ofProfile.set(ddl, one);
    const oldest = ofProfile.keys().next();
    if (ofProfile.size > mostKept && oldest.done !== true)
      ofProfile.delete(oldest.value);
  };
  return {
    suggestions: {
      of: (profile) =>
        [...(kept.get(keyOf(profile))?.values() ?? [])].toReversed(),
    },
    explainer: {
      ...explainer,
      advise: async (profile, text, signal) => {
        const advice = await explainer.advise(profile, text, signal);
        if (advice.ok)
          for (const one of advice.value.suggestions) keep(profile, one);
        return advice;
      },
    },
  };
}
