import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePlace } from "../../src/extension/command-ids.ts";
import {
  escapeMarkdown,
  renderCodeBlock,
  renderCommandLink,
} from "../../src/extension/editor/markdown-text.ts";
import {
  findSuppressed,
  renderSuppression,
} from "../../src/extension/editor/suppressions.ts";

describe("user text in Markdown", () => {
  it("cannot become a link, an image, HTML or an icon", () => {
    const text =
      "[x](command:evil) ![i](https://a.b) <img src=x> $(zap) `code`";
    expect(escapeMarkdown(text)).not.toMatch(/[[\]()<>`$]/u);
  });

  it("stays on one line", () => {
    expect(escapeMarkdown("a\n\n# b")).toBe("a &#35; b");
  });

  it("cannot close the code block it stands in", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("`", "a", "\n")), (parts) => {
        const code = parts.join("");
        const [fence = ""] = /^`+/u.exec(renderCodeBlock(code, "")) ?? [];
        expect(code).not.toContain(fence);
      }),
    );
  });

  it("leaves nothing in a command link that would end it", () => {
    const link = renderCommandLink("Open", "planlens.explain", {
      uri: "file:///a (b)/c'.sql",
    });
    expect(link).toMatch(/^\[Open\]\(command:planlens\.explain\?[^()' ]+\)$/u);
  });
});

describe("suppressing a rule", () => {
  it("reads the rules of a comment before the statement", () => {
    const gap = "\n-- planlens-disable-next-statement full-read, offset\n";
    expect([...findSuppressed(gap)]).toEqual(["full-read", "offset"]);
  });

  it("takes no other comment for one", () => {
    expect(findSuppressed("-- full-read is fine here\n").size).toBe(0);
  });

  it("reads what it writes", () => {
    expect(
      findSuppressed(renderSuppression("offset", "  ")).has("offset"),
    ).toBe(true);
  });
});

describe("the argument of a command", () => {
  it("is a place when it has both parts", () => {
    expect(
      parsePlace({ uri: "file:///a.sql", offset: 3, suggestion: 1 }),
    ).toEqual({
      uri: "file:///a.sql",
      offset: 3,
    });
  });

  it.each([
    undefined,
    null,
    "x",
    {},
    { uri: "a" },
    { uri: 1, offset: 1 },
    { uri: "a", offset: -1 },
  ])("is no place: %j", (argument) => {
    expect(parsePlace(argument)).toBeUndefined();
  });
});
