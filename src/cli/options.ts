import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearestName } from "../core/nearest-name.ts";
import { failed, succeeded, type Result } from "../core/result.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

type Read<Known extends Options> = Pick<
  ReturnType<typeof parseArgs<{ options: Known; allowPositionals: true }>>,
  "values" | "positionals"
>;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

/** `--name`, as it was written on the command line. */
const writtenIn = (message: string): string =>
  /'(?:-\w, )?(-{1,2}[^\s'<]+)/u.exec(message)?.[1] ?? "";

function describeUnknown(written: string, options: Options): string {
  const near = nearestName(written.replace(/^-+/u, ""), Object.keys(options));
  const meant = near === undefined ? "" : `; did you mean --${near}?`;
  return `There is no option ${written}${meant === "" ? "." : meant}`;
}

function describeValue(message: string, options: Options): string {
  const written = writtenIn(message);
  const takesValue = options[written.replace(/^-+/u, "")]?.type === "string";
  return takesValue
    ? `${written} needs a value; one that begins with a dash is written ${written}=VALUE.`
    : `${written} takes no value.`;
}

/** Options and what is not one; the failure is a sentence. An unknown option is answered with the one that was probably meant. */
export function readOptions<const Known extends Options>(
  args: readonly string[],
  options: Known,
): Result<Read<Known>, string> {
  try {
    return succeeded(
      parseArgs({ args: [...args], options, allowPositionals: true }),
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    switch (codeOf(error)) {
      case "ERR_PARSE_ARGS_UNKNOWN_OPTION":
        return failed(describeUnknown(writtenIn(message), options));
      case "ERR_PARSE_ARGS_INVALID_OPTION_VALUE":
        return failed(describeValue(message, options));
      default:
        return failed(message);
    }
  }
}
