import { describe, expect, it } from "vitest";
import { describeRule } from "./describe-rule.ts";
import { sayChanged } from "./rule-cases.ts";

describeRule("full-read");

const day = "date_trunc('day', v.came_at) = '2023-12-31'";
const planned =
  "date_trunc('day'::text, came_at) = '2023-12-31 00:00:00'::timestamp without time zone";

describe("a condition on an expression", () => {
  it("with a parameter is given a range that begins with it, whatever value it was planned with", async () => {
    const [said] = await sayChanged("full-read-day", [
      day,
      "date_trunc('day', v.came_at) = :first",
    ]);
    expect(said?.[1]).toBe(
      "Reading all of visits (20.0k rows) to keep 48 rows: an index on came_at cannot serve a condition on date_trunc('day', v.came_at). It can serve v.came_at >= :first::timestamp AND v.came_at < :first::timestamp + interval '1 day', which asks for the same rows as long as :first is where such a span begins.",
    );
  });

  it("as a date is given a range that a parameter always begins", async () => {
    const [said] = await sayChanged("full-read-day-of-zone", [
      "happened_at::date = '2024-02-29'",
      "happened_at::date = $1",
    ]);
    expect(said?.[1]).toContain(
      "It can serve happened_at >= $1::date AND happened_at < $1::date + 1, which goes by the session's time zone like the condition and asks for the same rows, but for an hour",
    );
  });

  it.each([
    ["happened_at::date = $1::timestamp", true],
    ["happened_at::date = CAST( $1 AS timestamp with time zone)", true],
    ["happened_at::date = ($1)::timestamptz", true],
    ["happened_at::date = $1 :: date", false],
  ])("is given no range for what may be amid a day: %s", async (to, isCut) => {
    const [said] = await sayChanged("full-read-day-of-zone", [
      "happened_at::date = '2024-02-29'",
      to,
    ]);
    expect(said?.[1]?.includes("the same rows")).toBe(!isCut);
  });

  it("is given no range where the parameter was planned with an instant", async () => {
    const [said] = await sayChanged(
      "full-read-day-of-zone",
      ["happened_at::date = '2024-02-29'", "happened_at::date = :then"],
      [
        "'2024-02-29'::date",
        "'2024-02-29 12:00:00'::timestamp without time zone",
      ],
    );
    expect(said?.[1]).not.toContain("the same rows");
  });

  it("is given no range where an expression of parameters was planned with values", async () => {
    const [said] = await sayChanged("full-read-day-of-zone", [
      "happened_at::date = '2024-02-29'",
      "happened_at::date = $1::date + $2",
    ]);
    expect(said?.[1]).toMatch(/Compare happened_at itself with a range\.$/u);
  });

  it("is given both ends of a span at once", async () => {
    const [said] = await sayChanged(
      "full-read-day",
      [day, "v.came_at::date BETWEEN '2023-12-01' AND '2023-12-31'"],
      [
        `(${planned})`,
        "(((came_at)::date >= '2023-12-01'::date) AND ((came_at)::date <= '2023-12-31'::date))",
      ],
    );
    expect(said?.[1]).toContain(
      "It can serve v.came_at >= '2023-12-01' AND v.came_at < '2024-01-01', which asks for the same rows.",
    );
  });

  it("is given no range where two parameters cannot be told apart", async () => {
    const [said] = await sayChanged(
      "full-read-day",
      [day, "v.came_at::date >= $1 AND v.came_at::date <= $2"],
      [
        `(${planned})`,
        "(((came_at)::date >= '2023-12-01'::date) AND ((came_at)::date <= '2023-12-31'::date))",
      ],
    );
    expect(said?.[1]).not.toContain("the same rows");
  });

  it("does not count a comparison that no index looks up as one of the bare column", async () => {
    const [said] = await sayChanged("full-read-call", [
      "(lower(kind) = 'submitted'::text)",
      "((kind IS NOT NULL) AND (lower(kind) = 'submitted'::text))",
    ]);
    expect(said?.[1]).toContain("cannot serve a condition on lower(kind)");
  });

  it("may need a function that the server takes for immutable", async () => {
    const [said] = await sayChanged(
      "full-read-call",
      ["lower(kind)", "own.fold(kind)"],
      ["(lower(kind) =", "(own.fold(kind) ="],
    );
    expect(said?.[1]).toMatch(/can, if it is immutable\.$/u);
  });

  it("is read to the end however deep its parentheses and quotes go", async () => {
    const [said] = await sayChanged("full-read-call", [
      "(lower(kind) = 'submitted'::text)",
      "(((lower(kind) = 'a AND (b'::text)) AND (((id + 1) = 7)))",
    ]);
    expect(said?.[1]).toContain("cannot serve a condition on lower(kind)");
  });
});
