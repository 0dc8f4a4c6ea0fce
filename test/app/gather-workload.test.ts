import { beforeAll, describe, expect, it } from "vitest";
import {
  gatherWorkload,
  type FoundStatement,
} from "../../src/app/gather-workload.ts";
import { loadSqlParser, type SqlParser } from "../../src/core/sql/parse.ts";

const inFile = (name: string, text: string): FoundStatement<string> => ({
  name,
  text,
  calls: undefined,
  place: name,
});
const onServer = (text: string, calls: number): FoundStatement<string> => ({
  name: "SELECT t",
  text,
  calls,
  place: "server",
});

describe("gathering a workload", () => {
  let parser: SqlParser;
  beforeAll(async () => {
    parser = await loadSqlParser();
  });
  const gather = (
    ...found: readonly FoundStatement<string>[]
  ): readonly (readonly [string, number])[] =>
    gatherWorkload(parser, found).map(({ name, weight }) => [name, weight]);

  it("takes queries and leaves out what is none", () => {
    expect(
      gather(
        inFile("a:1", "SELECT 1 FROM t"),
        inFile("a:2", "CREATE TABLE t (a int)"),
        inFile("a:3", "BEGIN"),
        inFile("a:4", "UPDATE t SET a = 1 WHERE b = 2"),
        inFile("a:5", "VACUUM t"),
        inFile("a:6", "-- nothing"),
      ),
    ).toEqual([
      ["a:1", 1],
      ["a:4", 1],
    ]);
  });

  it("keeps what cannot be read, so that the advice can say why it was left out", () => {
    expect(gather(inFile("a:1", "SELECT FROM WHERE"))).toEqual([["a:1", 1]]);
  });

  it("weighs a query of a file by the calls that the server counted for it", () => {
    expect(
      gather(
        inFile("a:1", "SELECT * FROM t WHERE a = 5"),
        onServer("SELECT * FROM t WHERE a = $1", 900),
        onServer("SELECT * FROM u WHERE a = $1", 30),
      ),
    ).toEqual([
      ["a:1", 900],
      ["SELECT t", 30],
    ]);
  });

  it("shares the calls out among the places that hold the query", () => {
    expect(
      gather(
        inFile("a:1", "SELECT * FROM t WHERE a = 5"),
        inFile("b:9", "SELECT * FROM t WHERE a = :a"),
        onServer("SELECT * FROM t WHERE a = $1", 900),
      ),
    ).toEqual([
      ["a:1", 450],
      ["b:9", 450],
    ]);
  });

  it("gives every statement a name of its own", () => {
    expect(
      gather(
        onServer("SELECT a FROM t", 2),
        onServer("SELECT b FROM t", 3),
        onServer("SELECT c FROM t", 4),
      ).map(([name]) => name),
    ).toEqual(["SELECT t", "SELECT t (2)", "SELECT t (3)"]);
  });

  it("answers nothing for nothing", () => {
    expect(gather()).toEqual([]);
  });
});
