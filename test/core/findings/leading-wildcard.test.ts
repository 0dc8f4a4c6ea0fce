import { describe, expect, it } from "vitest";
import { describeRule } from "./describe-rule.ts";
import { sayChanged } from "./rule-cases.ts";

describeRule("leading-wildcard");

const withExtension = [
  '"foreignKeys":',
  '"extensions":["pg_trgm"],"foreignKeys":',
] as const;

describe("a trigram index", () => {
  it("is named with what it takes where the extension is missing", async () => {
    const [said] = await sayChanged("leading-wildcard");
    expect(said?.[1]).toContain("CREATE EXTENSION pg_trgm");
  });

  it("is left to the advisor, which tries it, where the extension is there", async () => {
    const [said] = await sayChanged("leading-wildcard", withExtension);
    expect(said?.[1]).toMatch(/finds beginnings only\.$/u);
  });

  it("is not promised for a pattern that holds no three letters in a row", async () => {
    const [said] = await sayChanged("leading-wildcard-two-letters");
    expect(said?.[1]).toMatch(/finds beginnings only\.$/u);
  });

  it("is not promised for a type that its operator class does not take", async () => {
    const [said] = await sayChanged("leading-wildcard", [
      '"name":"email","type":"text"',
      '"name":"email","type":"citext"',
    ]);
    expect(said?.[1]).toMatch(/finds beginnings only\.$/u);
  });
});
