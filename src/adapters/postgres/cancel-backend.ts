import type { Answer } from "../../app/database.ts";
import type { Session } from "./session.ts";

/** How long a cancelled statement may take to end before its connection is cut, and asking for that as well. */
export const cancelGraceMs = 1500;

/** Has the server stop what `session` runs, by a session of its own; a server that cannot be asked loses the first. */
export async function cancelBackend(
  session: Session,
  openSecond: () => Answer<Session>,
): Promise<void> {
  const second = await openSecond();
  if (!second.ok) {
    await session.end();
    return;
  }
  const text = "SELECT /* planlens */ pg_cancel_backend($1::int)";
  await second.value
    .run(text, [String(session.backendPid)])
    .catch(() => undefined);
  await second.value.end();
}
