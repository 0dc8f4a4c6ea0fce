import type { CatalogColumn } from "../../catalog.ts";
import { formatCount, formatShare } from "../../format.ts";
import { phrase } from "../../words.ts";
import { labelOfIndex, type Examined } from "./examined.ts";
import { cheapRandomPageCost } from "./trials.ts";
import {
  about,
  costsOf,
  numberOf,
  scansOf,
  type Weigh,
  type Weighing,
} from "./weighing.ts";

/** Share of the table's rows that the index would hand out; undefined without an estimate. */
function shareOf({ examined, forced }: Weighing): number | undefined {
  const rows = forced.node.estimate?.rowsPerLoop;
  const all = examined.table.estimatedRows;
  if (rows === undefined || all === undefined || all === 0) return undefined;
  const isLookup = forced.node.conditions.some(
    ({ label }) => label === "Index Cond",
  );
  return isLookup ? Math.min(1, rows / all) : 1;
}

const selectivity: Weigh = (weighing) => {
  const share = shareOf(weighing);
  const { table } = weighing.examined;
  if (share === undefined) return undefined;
  return about(
    weighing,
    "selectivity",
    phrase(
      "The index would hand out about {0} of {1} rows ({2}): fetching them one by one makes the plan cost {3}, without the index it is {4}.",
      formatCount(share * (table.estimatedRows ?? 0)),
      formatCount(table.estimatedRows),
      formatShare(share),
      ...costsOf(weighing),
    ),
  );
};

const pageBytes = 8192;

/** What the index would cost if its rows lay in its order: cost_index's min_IO_cost and CPU part, costsize.c. */
function orderedCost(examined: Examined, share: number): number {
  const rows = share * (examined.table.estimatedRows ?? 0);
  const perRow =
    numberOf(examined, "cpu_tuple_cost", 0.01) +
    numberOf(examined, "cpu_index_tuple_cost", 0.005) +
    numberOf(examined, "cpu_operator_cost", 0.0025);
  const pages = share * examined.table.pages;
  const own = examined.facts.indexes.find(({ name }) =>
    examined.names.has(name),
  );
  const indexPages = (share * (own?.sizeBytes ?? 0)) / pageBytes;
  return (
    (1 + indexPages) * numberOf(examined, "random_page_cost", 4) +
    pages * numberOf(examined, "seq_page_cost", 1) +
    rows * perRow
  );
}

/** Who wants more than half of the rows is better off with all of them, in whatever order they lie. */
const mostRows = 0.5;

/** |correlation| above which design and planner call rows clustered. */
const inOrder = 0.9;

/** The index's first column when its rows lie all over the table; undefined for what has no correlation. */
function findScattered({ table, index }: Examined): CatalogColumn | undefined {
  const [key] = index.keys;
  const column = table.columns.find(({ name }) => name === key?.text);
  return Math.abs(column?.correlation ?? 1) < inOrder ? column : undefined;
}

/** True when scatter alone makes the index lose: in order, its rows would cost less than the whole table. */
function isScatterDecisive(weighing: Weighing, share: number): boolean {
  const { examined } = weighing;
  const [scan] = scansOf(examined);
  const scanCost = scan?.estimate?.totalCost ?? 0;
  return share <= mostRows && orderedCost(examined, share) < scanCost;
}

const correlation: Weigh = (weighing) => {
  const { examined } = weighing;
  const share = shareOf(weighing) ?? 1;
  const column = findScattered(examined);
  if (column === undefined || !isScatterDecisive(weighing, share))
    return undefined;
  return about(
    weighing,
    "correlation",
    phrase(
      "The {0} rows wanted ({1}) lie scattered over the table (correlation of {2}: {3}), so nearly every one costs a page: {4} in all against {5}. In the order of {2} they would be cheap to fetch (CLUSTER), and an index that also holds the columns read needs no fetching.",
      formatCount(share * (examined.table.estimatedRows ?? 0)),
      formatShare(share),
      column.name,
      formatCount(column.correlation),
      ...costsOf(weighing),
    ),
  );
};

const costSettings: Weigh = (weighing) => {
  const random = numberOf(weighing.examined, "random_page_cost", 4);
  return weighing.tried.changed.has("cheapRandom")
    ? about(
        weighing,
        "costSettings",
        phrase(
          "random_page_cost is {0}, so the planner avoids jumping between pages; with {1}, usual on SSDs, it reads {2}.",
          formatCount(random),
          formatCount(cheapRandomPageCost),
          labelOfIndex(weighing.examined),
        ),
      )
    : undefined;
};

/** random_page_cost over seq_page_cost as PostgreSQL ships. */
const usualRatio = 4;

/** Which of the three comes first: an unusual setting, then the scatter of few rows, then their number. */
export function weighRows(weighing: Weighing): readonly Weigh[] {
  const { examined } = weighing;
  const ratio =
    numberOf(examined, "random_page_cost", 4) /
    numberOf(examined, "seq_page_cost", 1);
  if (ratio > usualRatio) return [costSettings, correlation, selectivity];
  return correlation(weighing) === undefined
    ? [selectivity, costSettings]
    : [correlation, costSettings];
}
