/** Runs one task after the other, in the order of asking; a task that throws does not hold up the next. */
export type InTurn = <Value>(task: () => Promise<Value>) => Promise<Value>;

export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task);
    last = turn.catch(() => undefined);
    return turn;
  };
}
