import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { repositoryRoot } from "./server-binaries.ts";

const file = path.join(repositoryRoot, "docs", "advise.schema.json");
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
  JSON.parse(readFileSync(file, "utf8")) as object,
);

/** What the published schema finds wrong with a text; nothing when it is as promised. */
export function findSchemaErrors(text: string): readonly string[] {
  const isValid = validate(JSON.parse(text));
  return isValid
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message }) => `${instancePath}: ${message ?? ""}`,
      );
}
