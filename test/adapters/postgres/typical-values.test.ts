import { expect, test } from "vitest";
import type { Session } from "../../../src/adapters/postgres/session.ts";
import { findTypicalValues } from "../../../src/adapters/postgres/typical-values.ts";
import { parsed } from "./support.ts";

/** A server without any rows that notes what it is asked. */
function silent(): { readonly session: Session; readonly asked: string[] } {
  const asked: string[] = [];
  const run: Session["run"] = (text) => {
    asked.push(text);
    return Promise.resolve([]);
  };
  const session: Session = {
    backendPid: 1,
    versionNumber: 180_000,
    versionText: "18.0",
    run,
    send: () => Promise.reject(new Error("nothing is sent")),
    isLost: () => false,
    end: () => Promise.resolve(),
  };
  return { session, asked };
}

test("parameters that no column and no count goes with cost no round trip", async () => {
  const { session, asked } = silent();
  const statement = await parsed("CREATE TABLE copy AS SELECT $1, upper($2)");
  expect(await findTypicalValues(session, statement)).toEqual(["1", "1"]);
  expect(asked).toEqual([]);
});

test("columns and counts that values are looked up for ask first what is hidden", async () => {
  for (const clause of ["WHERE a = $1", "LIMIT $1"]) {
    const { session, asked } = silent();
    await findTypicalValues(
      session,
      await parsed(`CREATE TABLE copy AS SELECT * FROM t ${clause}`),
    );
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain("has_table_privilege");
  }
});
