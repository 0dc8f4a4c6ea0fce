import { afterAll, beforeAll, expect, it } from "vitest";
import { findIndexability } from "../../../src/core/plan/indexability.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";

const types = {
  label: "text",
  number: "integer",
  detail: "jsonb",
  bare: "timestamp without time zone",
  zoned: "timestamp with time zone",
  day: "date",
} as const;

type Column = keyof typeof types;

const expressions: readonly (readonly [column: Column, text: string])[] = [
  ["label", "lower(label)"],
  ["label", "substring(label, 1, 3)"],
  ["label", "(label || number)"],
  ["number", "(number % 7)"],
  ["number", "abs(number)"],
  ["number", "((number)::numeric)"],
  ["detail", "(detail ->> 'at')"],
  ["detail", "((detail ->> 'at')::date)"],
  ["bare", "date_trunc('day', bare)"],
  ["bare", "extract(year FROM bare)"],
  ["bare", "to_char(bare, 'YYYY-MM')"],
  ["zoned", "date_trunc('day', zoned)"],
  ["zoned", "extract(year FROM zoned)"],
  ["zoned", "to_char(zoned, 'YYYY-MM')"],
  ["zoned", "(zoned::date)"],
  ["zoned", "((zoned)::text)"],
  ["zoned", "CAST(zoned AS date)"],
  ["zoned", "(zoned - interval '1 day')"],
  ["zoned", "(zoned AT TIME ZONE 'UTC')"],
  ["zoned", "date_trunc('day', zoned AT TIME ZONE 'UTC')"],
  ["day", "to_char(day, 'YYYY')"],
  ["day", "date_trunc('month', day)"],
];

for (const major of [13, 18] as const)
  describeOn(major, "What an index can hold", () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres(major);
      const columns = Object.entries(types).map(
        ([name, type]) => `${name} ${type}`,
      );
      await server.query(`CREATE TABLE kept (${columns.join(", ")})`);
    });
    afterAll(async () => {
      await server.stop();
    });

    it.each(expressions)("of %s: %s", async (column, text) => {
      const taken = await server
        .query(`CREATE INDEX ON kept ((${text}))`)
        .then(() => true)
        .catch((error: unknown) => {
          expect(String(error)).toContain("must be marked IMMUTABLE");
          return false;
        });
      const said = findIndexability(
        types[column],
        text.replace(/^\((.*)\)$/u, "$1"),
      );
      expect(taken ? ["yes", "ifImmutable"] : ["no", "ifImmutable"]).toContain(
        said,
      );
    });
  });
