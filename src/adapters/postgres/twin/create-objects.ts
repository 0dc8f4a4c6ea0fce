import type { DdlObject } from "../../../core/twin/bundle.ts";
import { nameObject } from "../../../core/twin/object-name.ts";
import type { Remark } from "../../../core/twin/plan-build.ts";
import { readError } from "../errors.ts";
import type { Session } from "../session.ts";

interface Failure {
  readonly object: DdlObject;
  readonly why: string;
}

async function tryEach(
  session: Session,
  objects: readonly DdlObject[],
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const object of objects) {
    try {
      await session.run(object.sql);
    } catch (error) {
      if (session.isLost()) throw error;
      failures.push({ object, why: readError(error).message });
    }
  }
  return failures;
}

/**
 * Creates the objects in one round trip; where that fails, one after the other, those that failed again
 * as long as that helps. What is left is told. Throws only when the connection is lost.
 */
export async function createObjects(
  session: Session,
  objects: readonly DdlObject[],
): Promise<readonly Remark[]> {
  if (objects.length === 0) return [];
  try {
    await session.send({ steps: objects.map(({ sql }) => ({ text: sql })) });
    return [];
  } catch (error) {
    if (session.isLost()) throw error;
  }
  let left = objects;
  for (;;) {
    const failures = await tryEach(session, left);
    if (failures.length === 0) return [];
    if (failures.length === left.length)
      return failures.map(({ object, why }) => ({
        what: nameObject(object.what),
        why,
      }));
    left = failures.map(({ object }) => object);
  }
}
