import { expect, it } from "vitest";
import { reasonOf } from "../../../src/adapters/demo/failure-reason.ts";

it.each([
  [
    "a full disk, as Node says it",
    Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
    }),
    { kind: "disk", detail: "ENOSPC: no space left on device, write" },
  ],
  [
    "a full disk, as PostgreSQL says it",
    new Error('could not extend file "base/5/1": No space left on device'),
    {
      kind: "disk",
      detail: 'could not extend file "base/5/1": No space left on device',
    },
  ],
  [
    "a full disk, as WebAssembly's file system says it",
    { name: "ErrnoError", errno: 51 },
    { kind: "disk", detail: "ENOSPC: no space left on device" },
  ],
  [
    "another error of that file system",
    { name: "ErrnoError", errno: 8 },
    { kind: "database", detail: "its file system failed with error 8" },
  ],
  [
    "a taken port",
    Object.assign(new Error("listen EADDRINUSE"), { code: "EADDRINUSE" }),
    { kind: "port", port: 5544 },
  ],
  [
    "anything else",
    new Error("the data is damaged"),
    { kind: "database", detail: "the data is damaged" },
  ],
  ["a bare text", "stopped", { kind: "database", detail: "stopped" }],
])("tells %s", (_, error, reason) => {
  expect(reasonOf(error, { port: 5544, freeBytes: 1e9 })).toEqual(reason);
});

it("takes a fault on a disk without room for the server's log as one of the disk", () => {
  const error = new Error("XLogBeginInsert was already called");
  expect(reasonOf(error, { port: 0, freeBytes: 11_200_000 })).toEqual({
    kind: "disk",
    detail: "11 MB are left (XLogBeginInsert was already called)",
  });
  expect(reasonOf(error, { port: 0, freeBytes: undefined })).toMatchObject({
    kind: "database",
  });
});
