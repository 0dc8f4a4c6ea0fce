/** An answer that is offered. */
export interface Choice<Value> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Undefined: a heading between choices. */
  readonly value?: Value;
}

/** What Enter takes before anybody moves: the current choice, else the first that is one. There always is one where anything can be chosen. */
export function startingChoice<Value>(
  choices: readonly Choice<Value>[],
  current: Value | undefined,
): Choice<Value> | undefined {
  const real = choices.filter(({ value }) => value !== undefined);
  return real.find(({ value }) => value === current) ?? real[0];
}
