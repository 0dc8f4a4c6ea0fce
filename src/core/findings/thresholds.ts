/** When a finding is worth a line. Each number has its source; docs/rules explains them to users. */

/** min_parallel_index_scan_size's default, 512 kB: below it PostgreSQL itself finds a relation too small for extra effort. */
export const smallTablePages = 64;

/** Measured on PostgreSQL 15: reading 1,000 rows takes 0.06 ms and sorting them 0.4 ms. Fewer cannot matter. */
export const fewRows = 1_000;

/** An operator below 5 % of the statement is not opened in the plan either (look.md, Folding). */
export const worthShare = 0.05;

/** seq_page_cost / random_page_cost at their defaults (1 / 4): keeping more than a quarter, reading everything in order is the cheaper way. */
export const keptShareAtMost = 0.25;

/** Where the plan marks an error with a triangle (look.md, Off by). */
export const wrongEstimateFactor = 10;

/** A B-tree of a billion rows costs about 5 pages plus one of the table at random_page_cost 4, so 24; an inner side above 100 is no look-up. */
export const costlyRunCost = 100;

/** Once or twice is how it has to be; from 10 runs on the inner side is repeated work. */
export const repeatedRuns = 10;

/** Measured on PostgreSQL 15: a nested loop compares 100,000 pairs of short texts in 50 ms. */
export const manyComparisons = 100_000;

/** work_mem's default, in kB. */
export const defaultWorkMemoryKilobytes = 4_096;

/** Own share from which the bars turn yellow and red (look.md, Colour by meaning). */
export const warningShare = 0.1;
export const problemShare = 0.4;
