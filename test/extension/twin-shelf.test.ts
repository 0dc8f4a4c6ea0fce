import { describe, expect, it } from "vitest";
import type { Database } from "../../src/app/database.ts";
import { failed, succeeded } from "../../src/core/result.ts";
import { createShelf } from "../../src/extension/twin/shelf.ts";
import { databaseWith } from "../support/database.ts";

const openNamed = (name: string, closed: string[]): Database =>
  databaseWith({
    close: () => {
      closed.push(name);
      return Promise.resolve();
    },
  });

describe("the shelf of twins", () => {
  it("closes the oldest when one more is put there", () => {
    const closed: string[] = [];
    const shelf = createShelf(2);
    for (const name of ["a", "b", "c"])
      shelf.put(succeeded(openNamed(name, closed)));
    expect(closed).toEqual(["a"]);
  });

  it("makes room when one is closed by its user, and closes none twice", async () => {
    const closed: string[] = [];
    const shelf = createShelf(1);
    const first = shelf.put(succeeded(openNamed("a", closed)));
    if (first.ok) await first.value.close();
    if (first.ok) await first.value.close();
    shelf.put(succeeded(openNamed("b", closed)));
    expect(closed).toEqual(["a"]);
  });

  it("hands a failure on", () => {
    const failure = failed({ kind: "cancelled" as const });
    expect(createShelf(1).put(failure)).toBe(failure);
  });
});
