import type { OperatorKind } from "../src/core/plan/plan.ts";

// 16 × 16, drawn with a stroke of 1.2. The word beside a glyph carries the meaning.
const paths = {
  table: "M2.5 3h11v10h-11zM2.5 6.3h11M6.2 6.3V13",
  sample: "M2.5 3h11v10h-11zM5 6h2M9 6h2M5 9.5h2",
  index:
    "M6.2 2.5h3.6v3H6.2zM2 10.5h3.6v3H2zM10.4 10.5H14v3h-3.600zM8 5.500V8M3.800 10.500V8h8.400v2.500",
  bitmap:
    "M2.500 2.500h11v11h-11zM5.200 5.200h1.200M9.600 5.200h1.200M7.400 8h1.200M5.200 10.800h1.200M9.600 10.800h1.200",
  loop: "M12.800 9.500a5 5 0 1 1-1-5.200M12.500 2v2.800H9.700",
  hashJoin:
    "M6 12a4 4 0 1 1 0-8 4 4 0 0 1 0 8zM10 12a4 4 0 1 1 0-8 4 4 0 0 1 0 8z",
  mergeJoin: "M2 4h3.500L9 8h5M2 12h3.500L9 8M11.700 5.700L14 8l-2.300 2.300",
  hash: "M6.200 2.500l-1.400 11M11.200 2.500l-1.400 11M2.800 6h11M2.200 10h11",
  sort: "M2.500 4h7.500M2.500 8h5.500M2.500 12h3M12.300 4v8.300M10.200 10.200l2.100 2.100 2.100-2.100",
  aggregate: "M12.300 4.800V2.500H3.700L8.400 8l-4.700 5.500h8.600v-2.300",
  limit: "M2.500 3.500h11M2.500 7h11M2.500 10.500h2M7 10.500h2M11.500 10.500h2",
  gather:
    "M2 3.500h3L9 8h5M2 8h7M2 12.500h3L9 8M11.700 5.700L14 8l-2.300 2.300",
  append: "M3.500 2.500h9v3h-9zM3.500 6.600h9v3h-9zM3.500 10.700h9v3h-9z",
  store:
    "M2.500 4.200c0-2.200 11-2.200 11 0v7.600c0 2.200-11 2.200-11 0zM2.500 4.200c0 2.200 11 2.200 11 0",
  subplan: "M2.500 2.500h11v11h-11zM5.700 5.700h4.600v4.600H5.700z",
  result: "M2.500 8h8.500M8.500 5L11.500 8l-3 3M13.500 4v8",
  write:
    "M2.800 13.200l.8-3 7.900-7.900 2.200 2.200-7.900 7.900zM9.900 3.900l2.200 2.200",
  lock: "M3.500 7.300h9v6.200h-9zM5.500 7.300V5.200a2.500 2.500 0 0 1 5 0v2.100",
  other: "M8 2.500L13.500 8 8 13.500 2.500 8z",
  group: "M2.500 5.500h9v8h-9zM4.500 5.500v-2h9v8h-2",
  database:
    "M2.500 4c0-2 11-2 11 0v8c0 2-11 2-11 0zM2.500 4c0 2 11 2 11 0M2.500 8c0 2 11 2 11 0",
  braces:
    "M6 2.500c-3 0-1 4-3 5.500 2 1.500 0 5.500 3 5.500M10 2.500c3 0 1 4 3 5.500-2 1.500 0 5.500-3 5.500",
  play: "M4.500 2.800L12.500 8l-8 5.200z",
  stopwatch:
    "M8 14.300a5.300 5.300 0 1 1 0-10.600 5.300 5.300 0 0 1 0 10.600zM8 6.200V9l1.800 1.200M6.300 1.700h3.400",
  stop: "M4 4h8v8H4z",
  search:
    "M7 11.300a4.300 4.300 0 1 1 0-8.600 4.300 4.300 0 0 1 0 8.600zM10.200 10.200l3.600 3.600",
  right: "M6 3.700L10.300 8 6 12.300",
  down: "M3.700 6L8 10.300 12.300 6",
  warning: "M8 2.300l6.300 11H1.700zM8 6.500v3.300M8 11.400v.5",
  error:
    "M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12zM5.900 5.900l4.200 4.200M10.100 5.900l-4.200 4.200",
  info: "M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12zM8 7.500V11M8 5v.5",
  check: "M3 8.500l3.400 3.400L13 4.600",
  bulb: "M6.200 12.300h3.600M6.800 14.300h2.400M6.200 12.300c0-2-2.200-2.600-2.200-5a4 4 0 0 1 8 0c0 2.400-2.200 3-2.200 5",
  shield:
    "M8 1.800l5 1.800v3.900c0 3.500-2.400 5.500-5 6.700-2.600-1.200-5-3.200-5-6.700V3.600z",
  layers: "M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3",
  copy: "M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3",
  file: "M4 1.700h5.300l3 3v9.600H4zM9.300 1.700v3h3M8.100 7.200v4.600M5.800 9.500h4.600",
  compare:
    "M2.500 3.500h4.300v9H2.500zM9.200 3.500h4.300v9H9.200zM4 6.200h1.300M4 8.800h1.300M10.700 6.200H12",
  flame:
    "M8 14.300c-2.900 0-4.400-1.900-4.400-4.300 0-2.900 2.900-4.400 2.900-8.300 3 1.500 5.900 4.400 5.900 8.300 0 2.400-1.500 4.300-4.400 4.300z",
  expand: "M3.200 6L8 2.200 12.800 6M3.200 10L8 13.800 12.800 10",
  collapse: "M3.200 2.200L8 6l4.800-3.800M3.200 13.800L8 10l4.800 3.800",
  keyboard:
    "M1.500 4h13v8.500h-13zM4 6.500h.5M7 6.500h.5M10 6.500h.5M12 6.500h.3M4.500 10h7",
} as const;

export type IconName = keyof typeof paths;

const svgNamespace = "http://www.w3.org/2000/svg";

/** Hidden from screen readers: a word always stands beside it. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(svgNamespace, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

/** One glyph per family of operators. */
export const operatorIcons: Readonly<Record<OperatorKind, IconName>> = {
  seqScan: "table",
  sampleScan: "sample",
  indexScan: "index",
  indexOnlyScan: "index",
  bitmapIndexScan: "bitmap",
  bitmapHeapScan: "bitmap",
  bitmapAnd: "bitmap",
  bitmapOr: "bitmap",
  tidScan: "table",
  subqueryScan: "subplan",
  functionScan: "result",
  tableFunctionScan: "result",
  valuesScan: "result",
  cteScan: "store",
  workTableScan: "store",
  namedTuplestoreScan: "store",
  foreignScan: "table",
  customScan: "other",
  nestedLoop: "loop",
  hashJoin: "hashJoin",
  mergeJoin: "mergeJoin",
  hash: "hash",
  sort: "sort",
  incrementalSort: "sort",
  aggregate: "aggregate",
  group: "aggregate",
  windowAgg: "aggregate",
  unique: "aggregate",
  setOp: "aggregate",
  limit: "limit",
  lockRows: "lock",
  materialize: "store",
  memoize: "store",
  append: "append",
  mergeAppend: "append",
  recursiveUnion: "loop",
  gather: "gather",
  gatherMerge: "gather",
  result: "result",
  projectSet: "result",
  modifyTable: "write",
  other: "other",
};
