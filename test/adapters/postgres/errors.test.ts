import { expect, it } from "vitest";
import { mapError } from "../../../src/adapters/postgres/errors.ts";

it("leaves out what Node says about starting Node", () => {
  const error = Object.assign(
    new Error(
      "unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca",
    ),
    { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
  );
  expect(
    mapError(error, {
      target: {} as never,
      elapsedMs: 1,
      aborted: false,
      phase: "connect",
    }),
  ).toEqual({ kind: "tls", message: "unable to verify the first certificate" });
});
