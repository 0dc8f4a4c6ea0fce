import type { Connection, Submittable } from "pg";

/** All values travel as text; the server infers their types. */
export type Row = Readonly<Record<string, string | null>>;

export interface Step {
  readonly text: string;
  readonly values?: readonly (string | null)[];
  /** Type OIDs of its first parameters; 0 or absent: the server infers. */
  readonly types?: readonly number[];
}

export interface ExchangeRequest {
  /** Parsed as the named statement `planlens_statement` first; later steps may EXECUTE it. */
  readonly prepare?: string;
  /** Type OIDs of its first parameters; 0 or absent: the server infers. */
  readonly types?: readonly number[];
  /** Run in order within one implicit transaction. */
  readonly steps: readonly Step[];
  /** Position of the step whose rows are the answer; the last one when absent. */
  readonly answer?: number;
}

export const preparedName = "planlens_statement";

interface RowDescription {
  readonly fields: readonly { readonly name: string }[];
}

interface DataRow {
  readonly fields: readonly (string | Buffer | null)[];
}

/** As pg's types ask for them; it writes the number that each text stands for in 32 bits. */
const oidsFor = (types: readonly number[] = []): string[] => types.map(String);

/**
 * One round trip of the extended protocol. Each text is parsed by the server as exactly one
 * statement, so a second one cannot ride along; everything up to the closing Sync is one transaction.
 * pg's own queries use the simple protocol when there are no values, hence this.
 */
class Exchange implements Submittable {
  readonly #request: ExchangeRequest;
  readonly #settle: {
    resolve: (rows: readonly Row[]) => void;
    reject: (error: Error) => void;
  };
  #names: readonly string[] = [];
  #rows: Row[] = [];

  constructor(
    request: ExchangeRequest,
    settle: {
      resolve: (rows: readonly Row[]) => void;
      reject: (error: Error) => void;
    },
  ) {
    this.#request = request;
    this.#settle = settle;
  }

  submit(connection: Connection): void {
    const { prepare, steps } = this.#request;
    connection.stream.cork();
    if (prepare !== undefined) {
      // Closing a statement that does not exist is no error; one may be left from a failed exchange.
      connection.close({ type: "S", name: preparedName }, true);
      const types = oidsFor(this.#request.types);
      connection.parse({ name: preparedName, text: prepare, types }, true);
    }
    for (const [at, step] of steps.entries()) {
      const types = oidsFor(step.types);
      connection.parse({ name: "", text: step.text, types }, true);
      connection.bind(
        {
          portal: "",
          statement: "",
          binary: "",
          values: [...(step.values ?? [])],
        },
        true,
      );
      // Names of columns that nobody reads are not asked for.
      if (at === this.#answer())
        connection.describe({ type: "P", name: "" }, true);
      connection.execute({ portal: "", rows: "0" }, true);
    }
    if (prepare !== undefined)
      connection.close({ type: "S", name: preparedName }, true);
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription(message: RowDescription): void {
    this.#names = message.fields.map((field) => field.name);
  }

  #answer(): number {
    return this.#request.answer ?? this.#request.steps.length - 1;
  }

  handleDataRow(message: DataRow): void {
    if (this.#completed !== this.#answer()) return;
    const cells = message.fields.map((cell) =>
      Buffer.isBuffer(cell) ? cell.toString("utf8") : cell,
    );
    this.#rows.push(
      Object.fromEntries(
        this.#names.map((name, at) => [name, cells[at] ?? null]),
      ),
    );
  }

  #completed = 0;

  handleCommandComplete(): void {
    this.#completed += 1;
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete();
  }

  /** Only COPY, which EXPLAIN does not take, would come here. */
  handleCopyInResponse(): void {
    this.#settle.reject(new Error("the server asked for COPY data"));
  }

  handleCopyData(): void {
    this.#rows = [];
  }

  handlePortalSuspended(): void {
    this.handleCommandComplete();
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    this.#settle.resolve(this.#rows);
  }
}

/** Sends the request; rejects with the server's or the socket's error. */
export function exchange(
  client: { query: <Query extends Submittable>(query: Query) => Query },
  request: ExchangeRequest,
): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    client.query(new Exchange(request, { resolve, reject }));
  });
}
