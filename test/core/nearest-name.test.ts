import { expect, test } from "vitest";
import { nearestName } from "../../src/core/nearest-name.ts";

const known = ["host", "port", "password", "sslmode"];

test("a name with one letter left out, added, changed or two swapped finds the one that was meant", () => {
  for (const name of ["prot", "pot", "poort", "pord"])
    expect(nearestName(name, known)).toBe("port");
});

test("letter case and a missing end make no other name", () => {
  expect(nearestName("SSLMode", known)).toBe("sslmode");
  expect(nearestName("pass", known)).toBe("password");
  expect(nearestName("hostname", known)).toBe("host");
});

test("a name that resembles none has no nearest", () => {
  expect(nearestName("frobnicate", known)).toBeUndefined();
  expect(nearestName("x", known)).toBeUndefined();
  expect(nearestName("port", [])).toBeUndefined();
});
