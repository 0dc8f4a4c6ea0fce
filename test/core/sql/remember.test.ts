import { describe, expect, it } from "vitest";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import { remember } from "../../../src/core/sql/remember.ts";

function counted(maximumCharacters: number): {
  readonly read: (text: string) => { readonly text: string };
  readonly asked: string[];
} {
  const asked: string[] = [];
  const read = remember((text) => {
    asked.push(text);
    return { text };
  }, maximumCharacters);
  return { read, asked };
}

describe("remembering what texts were read as", () => {
  it("reads a text once and hands out the same answer again", () => {
    const { read, asked } = counted(10);
    expect(read("abc")).toBe(read("abc"));
    expect(asked).toEqual(["abc"]);
  });

  it("forgets the text that was not asked for longest when the room is full", () => {
    const { read, asked } = counted(6);
    for (const text of ["abc", "def", "abc", "ghi", "abc", "def"]) read(text);
    expect(asked).toEqual(["abc", "def", "ghi", "def"]);
  });

  it("does not keep a text that is larger than the room, and forgets nothing for it", () => {
    const { read, asked } = counted(4);
    for (const text of ["abc", "abcdef", "abcdef", "abc"]) read(text);
    expect(asked).toEqual(["abc", "abcdef", "abcdef"]);
  });

  it("lets the parser read a statement once, refused ones too", async () => {
    const parser = await loadSqlParser();
    for (const text of ["SELECT a FROM t", "SELECT FROM WHERE"])
      expect(parser.parse(text)).toBe(parser.parse(text));
  });
});
