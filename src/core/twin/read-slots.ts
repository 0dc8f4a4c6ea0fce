import type { StatisticsSlot } from "./bundle.ts";

/** Kinds of pg_statistic.h that the views show: common values, histogram, correlation, elements, their counts, lengths, bounds. */
const viewKinds = [1, 2, 3, 4, 5, 6, 7] as const;
const catalogSlots = [1, 2, 3, 4, 5] as const;

export type SlotFields = Readonly<Record<string, string | null | undefined>>;

const given = (text: string | null | undefined): string | undefined =>
  text ?? undefined;

/** Slots of a row of pg_stats, whose fields are `values<kind>` and `numbers<kind>`; operators are left to the reader. */
export function readViewSlots(row: SlotFields): readonly StatisticsSlot[] {
  return viewKinds.flatMap((kind) => {
    const values = given(row[`values${kind}`]);
    const numbers = given(row[`numbers${kind}`]);
    return values === undefined && numbers === undefined
      ? []
      : [{ kind, values, numbers }];
  });
}

/** Slots of a row of pg_statistic, in its order. */
export function readCatalogSlots(row: SlotFields): readonly StatisticsSlot[] {
  return catalogSlots.flatMap((at) => {
    const kind = Number(row[`kind${at}`] ?? 0);
    return kind === 0
      ? []
      : [
          {
            kind,
            operator: given(row[`operator${at}`]),
            collation: given(row[`collation${at}`]),
            values: given(row[`values${at}`]),
            numbers: given(row[`numbers${at}`]),
          },
        ];
  });
}
