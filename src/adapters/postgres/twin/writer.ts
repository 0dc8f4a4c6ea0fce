import type { PostgresTarget } from "../../../app/connection.ts";
import type { Answer } from "../../../app/database.ts";
import { succeeded } from "../../../core/result.ts";
import { openSession, type Session, type SessionOptions } from "../session.ts";

const connectLimitMs = 4900;

/** Values of statistics are read and written in these forms, on every server alike. */
export const plainText = [
  "set_config('datestyle', 'ISO, YMD', false)",
  "set_config('intervalstyle', 'postgres', false)",
  "set_config('timezone', 'UTC', false)",
  "set_config('extra_float_digits', '3', false)",
  "set_config('bytea_output', 'hex', false)",
  "set_config('client_encoding', 'UTF8', false)",
  "set_config('xmloption', 'content', false)",
].join(", ");

/** A session that may write, for a twin's own server; everywhere else sessions are read-only. */
export async function openWriter(
  target: PostgresTarget,
  password: string | undefined,
  options: SessionOptions = {},
): Answer<Session> {
  const opened = await openSession(target, password, connectLimitMs, options);
  if (!opened.ok) return opened;
  await opened.value.run(`SELECT /* planlens */ ${plainText},
    set_config('default_transaction_read_only', 'off', false),
    set_config('statement_timeout', '60000', false),
    set_config('check_function_bodies', 'off', false),
    set_config('client_min_messages', 'warning', false),
    -- Deciding on workers would read the first page of every index of the table, which is changed on disk later.
    set_config('max_parallel_maintenance_workers', '0', false),
    -- And so would writing a small new file to the log, under wal_level minimal.
    set_config('wal_skip_threshold', '0', false)`);
  return succeeded(opened.value);
}
