import { formatCount, formatShare } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import {
  type Examination,
  familyOf,
  metricsOf,
  parentOf,
  type Rule,
  rowsOf,
  severityOf,
  tableOf,
} from "../examination.ts";
import type { DateRange } from "../date-range.ts";
import type { Finding, Sentence } from "../finding.ts";
import { filterOf, indexesOn, isSmall, rowsRead, spanOf } from "../scans.ts";
import { plain, sentence, strong } from "../sentence.ts";
import {
  mainWrapped,
  type ReadFilter,
  readFilter,
  type UnservedCondition,
} from "../read-filter.ts";
import type { WrappedCondition } from "../wrapped-condition.ts";
import { listed, phrase, type Text } from "../../words.ts";
import {
  fewRows,
  keptShareAtMost,
  smallTablePages,
  worthShare,
} from "../thresholds.ts";

const describeKept = (kept: number, read: number): Text => {
  const rows = Math.round(kept);
  if (kept / read >= 0.01) return formatShare(kept / read);
  if (rows === 0) return phrase("none");
  return rows === 1 ? phrase("1 row") : phrase("{0} rows", formatCount(rows));
};

/** One table read in full: by one scan, or by one for each of its partitions. */
interface Reading {
  readonly nodes: readonly PlanNode[];
  /** The scan with the largest share. */
  readonly main: PlanNode;
  readonly name: Text;
  readonly filter: ReadFilter;
  readonly read: number;
  readonly kept: number;
  readonly share: number;
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((all, one) => all + one, 0);

/** Two partitions are told by name, more by their parent's. */
const mostNames = 2;

function nameOf(examined: Examination, nodes: readonly PlanNode[]): Text {
  const names = nodes.map(({ relation }) => relation?.name ?? "");
  const parent = nodes[0] && familyOf(examined, nodes[0]);
  return names.length <= mostNames || parent === undefined
    ? listed(names)
    : parent.name;
}

function measure(
  examined: Examination,
  nodes: readonly PlanNode[],
): Reading | undefined {
  const shareOf = (node: PlanNode): number => metricsOf(examined, node).share;
  const [main] = nodes.toSorted((a, b) => shareOf(b) - shareOf(a));
  const filter = main && filterOf(main);
  if (main === undefined || filter === undefined) return undefined;
  return {
    nodes,
    main,
    name: nameOf(examined, nodes),
    filter: readFilter(examined, main, filter),
    read: sum(nodes.map((node) => rowsRead(examined, node) ?? 0)),
    kept: sum(nodes.map((node) => rowsOf(examined, node))),
    share: sum(nodes.map(shareOf)),
  };
}

type Values = Parameters<typeof sentence>[1][];

/** What an ordinary index can serve in place of a condition on an expression. */
function describeRange(all: Values, range: DateRange): Sentence {
  if (range.beginning !== undefined)
    return sentence(
      range.isOfZone
        ? "Reading all of {0} ({1} rows) to keep {2}: an index on {4} cannot serve a condition on {3}. It can serve {5}, which goes by the session's time zone like the condition and asks for the same rows as long as {6} is where such a span begins, but for an hour where clocks are set back to midnight."
        : "Reading all of {0} ({1} rows) to keep {2}: an index on {4} cannot serve a condition on {3}. It can serve {5}, which asks for the same rows as long as {6} is where such a span begins.",
      ...all,
      strong(range.text),
      plain(range.beginning),
    );
  return sentence(
    range.isOfZone
      ? "Reading all of {0} ({1} rows) to keep {2}: an index on {4} cannot serve a condition on {3}. It can serve {5}, which goes by the session's time zone like the condition and asks for the same rows, but for an hour where clocks are set back to midnight."
      : "Reading all of {0} ({1} rows) to keep {2}: an index on {4} cannot serve a condition on {3}. It can serve {5}, which asks for the same rows.",
    ...all,
    strong(range.text),
  );
}

/** What would serve a condition on an expression. */
function describeWrapped(
  values: Values,
  { column, expression, castTo, range, indexable }: WrappedCondition,
): Sentence {
  const all = [...values, strong(expression), plain(column.name)];
  if (range !== undefined) return describeRange(all, range);
  if (castTo !== undefined)
    return sentence(
      "Reading all of {0} ({1} rows) to keep {2}: {3} is compared as {4}, which an index on it cannot serve. Give the other side the type {5}.",
      ...values,
      strong(column.name),
      plain(castTo),
      strong(column.type),
    );
  if (indexable === "no")
    return sentence(
      "Reading all of {0} ({1} rows) to keep {2}: an index on {4} cannot serve a condition on {3}, and none can hold what depends on the session's settings. Compare {4} itself with a range.",
      ...all,
    );
  return sentence(
    indexable === "yes"
      ? "Reading all of {0} ({1} rows) to keep {2}: an index on {4} cannot serve a condition on {3}; an index on that expression can."
      : "Reading all of {0} ({1} rows) to keep {2}: an index on {4} cannot serve a condition on {3}; an index on that expression can, if it is immutable.",
    ...all,
  );
}

/** Why no ordinary index serves a condition on a bare column, and what would. */
function describeUnserved(
  values: Values,
  { column, text, hindrance }: UnservedCondition,
): Sentence {
  const all = [...values, plain(column), strong(text)];
  switch (hindrance) {
    case "elements":
      return sentence(
        "Reading all of {0} ({1} rows) to keep {2}: no index serves {4}. A GIN index on {3} can serve {3} @> ARRAY[…], which asks for the same rows.",
        ...all,
      );
    case "notDistinct":
      return sentence(
        "Reading all of {0} ({1} rows) to keep {2}: an index on {3} cannot serve {4}. It can serve = in its place, which asks for the same rows where the other side is not NULL.",
        ...all,
      );
    case "isTrue":
      return sentence(
        "Reading all of {0} ({1} rows) to keep {2}: an index on {3} cannot serve {4}. It can without IS TRUE, which asks for the same rows.",
        ...all,
      );
    case "collation":
      return sentence(
        "Reading all of {0} ({1} rows) to keep {2}: an index on {3} in its own collation cannot serve {4}; one in the collation of the condition can.",
        ...all,
      );
    case "pattern":
      return sentence(
        "Reading all of {0} ({1} rows) to keep {2}: an ordinary index on {3} cannot serve {4}; a trigram index (GIN with pg_trgm) may.",
        ...all,
      );
    case "operator":
      return sentence(
        "Reading all of {0} ({1} rows) to keep {2}: an ordinary index on {3} cannot serve {4}.",
        ...all,
      );
  }
}

/** What else is known of a filter that compares no bare column in a way that an index could serve. */
function describeRest(values: Values, filter: ReadFilter): Sentence {
  const wrapped = mainWrapped(filter);
  if (wrapped !== undefined) return describeWrapped(values, wrapped);
  const [unserved] = filter.unserved;
  return unserved === undefined
    ? sentence(
        "Reading all of {0} ({1} rows) to keep {2}: no index serves the condition.",
        ...values,
      )
    : describeUnserved(values, unserved);
}

function describe(
  examined: Examination,
  { main, name, filter, read, kept }: Reading,
): Sentence {
  const values = [
    strong(name),
    plain(formatCount(read)),
    strong(describeKept(kept, read)),
  ];
  const index =
    filter.serving[0] ?? indexesOn(tableOf(examined, main), filter.plain)[0];
  if (index !== undefined)
    return sentence(
      "Reading all of {0} ({1} rows) to keep {2}: the planner expects index {3} to cost more.",
      ...values,
      plain(index.name),
    );
  if (filter.plain.length > 0)
    return sentence(
      "Reading all of {0} ({1} rows) to keep {2}: no index begins with {3}.",
      ...values,
      plain(listed(filter.plain)),
    );
  return describeRest(values, filter);
}

/** Many small partitions make a large table. */
function isSmallAltogether(
  examined: Examination,
  nodes: readonly PlanNode[],
): boolean {
  if (nodes.length === 1) return nodes.every((node) => isSmall(examined, node));
  const pages = nodes.map((node) => tableOf(examined, node)?.pages ?? 0);
  return sum(pages) < smallTablePages;
}

function findOne(
  examined: Examination,
  nodes: readonly PlanNode[],
): Finding | undefined {
  const reading = measure(examined, nodes);
  if (reading === undefined || isSmallAltogether(examined, nodes))
    return undefined;
  const { main, filter, read, kept, share } = reading;
  if (share < worthShare || read < fewRows || kept > read * keptShareAtMost)
    return undefined;
  return {
    rule: "full-read",
    severity: severityOf(share),
    sentence: describe(examined, reading),
    nodeId: main.id,
    share,
    span: spanOf(
      examined,
      main,
      filter.plain.length > 0
        ? filter.plain
        : [
            ...filter.wrapped.map(({ column }) => column.name),
            ...filter.unserved.map(({ column }) => column),
          ],
    ),
  };
}

/** The children of one parent under one Append are one reading. */
function groupKey(examined: Examination, node: PlanNode): string {
  const parent = familyOf(examined, node);
  return parent === undefined
    ? String(node.id)
    : `${parentOf(examined, node)?.id ?? ""} ${parent.schema} ${parent.name}`;
}

function groupScans(examined: Examination): readonly (readonly PlanNode[])[] {
  const groups = new Map<string, PlanNode[]>();
  for (const node of examined.index.nodes) {
    const isRead =
      node.kind === "seqScan" &&
      filterOf(node) !== undefined &&
      rowsRead(examined, node) !== undefined &&
      !metricsOf(examined, node).neverExecuted;
    if (!isRead) continue;
    const key = groupKey(examined, node);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return [...groups.values()];
}

/** A sequential scan that reads far more than it returns. */
export const fullRead: Rule = {
  id: "full-read",
  title: "Full read of a large table",
  find: (examined) =>
    groupScans(examined).flatMap((nodes) => findOne(examined, nodes) ?? []),
};
