/** One preview, from its opening to its answer. */
export interface PreviewTurn {
  /** `replaced`: a later preview took its place, so nobody sees any more what would be written. */
  readonly outcome: Promise<"confirmed" | "replaced">;
  readonly isCurrent: () => boolean;
  /** Takes it off; does nothing when a later one is shown. */
  readonly end: () => void;
}

/** At most one preview is open: what is written is what is shown. */
export interface PreviewTurns<Draft> {
  readonly begin: (draft: Draft) => PreviewTurn;
  readonly current: () => Draft | undefined;
  /** The person said yes to the one that is shown. */
  readonly confirm: () => void;
}

export function createPreviewTurns<Draft>(): PreviewTurns<Draft> {
  let shown:
    | {
        readonly draft: Draft;
        readonly settle: (outcome: "confirmed" | "replaced") => void;
      }
    | undefined;
  return {
    begin: (draft) => {
      shown?.settle("replaced");
      let settle: (outcome: "confirmed" | "replaced") => void = () => undefined;
      const outcome = new Promise<"confirmed" | "replaced">((resolve) => {
        settle = resolve;
      });
      const mine = { draft, settle };
      shown = mine;
      return {
        outcome,
        isCurrent: () => shown === mine,
        end: () => {
          if (shown === mine) shown = undefined;
        },
      };
    },
    current: () => shown?.draft,
    confirm: () => {
      shown?.settle("confirmed");
    },
  };
}
