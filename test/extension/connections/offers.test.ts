import { describe, expect, test } from "vitest";
import { offersInEnvFile } from "../../../src/extension/connections/env-offers.ts";
import { variablesFor } from "../../../src/extension/connections/find-password.ts";
import { collectOffers } from "../../../src/extension/connections/machine-offers.ts";
import { parsePostgresUrl } from "../../../src/adapters/postgres/parse-target.ts";
import type { PostgresTarget } from "../../../src/app/connection.ts";

function targetOf(url: string): PostgresTarget {
  const parsed = parsePostgresUrl(url);
  if (!parsed.ok) throw new Error(parsed.error.message.template);
  return parsed.value.target;
}

describe("what a .env file offers", () => {
  const text = [
    "# DATABASE_URL=postgres://old@nowhere/old",
    'DATABASE_URL="postgres://edu:s3cret@localhost:5433/edu"',
    "MONGO_URL=mongodb://u:s3cret@h/app",
    "REDIS_URL=redis://localhost",
    "GREETING=hello",
  ].join("\n");

  test("databases that can be opened, by the name of their variable", () => {
    expect(
      offersInEnvFile(text).map(({ variable, where }) => [variable, where]),
    ).toEqual([
      ["DATABASE_URL", "edu@localhost:5433/edu"],
      ["MONGO_URL", "mongodb://u@h/app"],
    ]);
  });

  test("the password stands apart from all that is shown or stored", () => {
    for (const { password, ...rest } of offersInEnvFile(text)) {
      expect(password).toBe("s3cret");
      expect(JSON.stringify(rest)).not.toContain("s3cret");
    }
  });

  test.each([
    "",
    "DATABASE_URL=",
    "DATABASE_URL=postgres://%",
    "\0\0",
    "DATABASE_URL=mysql://u@h/d",
  ])("%j offers nothing", (odd) => {
    expect(offersInEnvFile(odd)).toEqual([]);
  });
});

describe("what this machine offers", () => {
  test("the connection that PG* variables describe, and the user to suggest", async () => {
    const offers = await collectOffers([], {
      PGHOST: "db.example.net",
      PGDATABASE: "edu",
      PGUSER: "reader",
      PGSERVICEFILE: "/nonexistent",
    });
    expect(offers).toMatchObject({
      user: "reader",
      environment: {
        where: "reader@db.example.net:5432/edu",
        password: undefined,
      },
      services: [],
    });
  });

  test("nothing when no variable says where to", async () => {
    const offers = await collectOffers([], {
      PGPASSWORD: "x",
      PGSERVICEFILE: "/nonexistent",
    });
    expect(offers.environment).toBeUndefined();
  });
});

describe("PGPASSWORD", () => {
  const variables = {
    PGHOST: "db.example.net",
    PGUSER: "reader",
    PGPASSWORD: "s3cret",
  };

  test("goes to the server and user that the other variables name", () => {
    expect(
      variablesFor(targetOf("postgres://reader@db.example.net/edu"), variables)[
        "PGPASSWORD"
      ],
    ).toBe("s3cret");
  });

  test.each([
    "postgres://reader@evil.example.net/edu",
    "postgres://other@db.example.net/edu",
  ])("does not go to %s", (url) => {
    expect(
      variablesFor(targetOf(url), variables)["PGPASSWORD"],
    ).toBeUndefined();
  });

  test("alone is for this machine", () => {
    expect(
      variablesFor(targetOf("postgres://u@localhost/d"), { PGPASSWORD: "x" })[
        "PGPASSWORD"
      ],
    ).toBe("x");
    expect(
      variablesFor(targetOf("postgres://u@db/d"), { PGPASSWORD: "x" })[
        "PGPASSWORD"
      ],
    ).toBeUndefined();
  });
});
