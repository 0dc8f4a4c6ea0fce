/** One piece of work for the panel; what it says is only heard while no later one has begun. */
export interface Run<Session> {
  readonly session: Session;
  readonly controller: AbortController;
  readonly signal: AbortSignal;
}

export interface RunTurnNeeds<Session, State> {
  readonly show: (session: Session, state: State) => void;
  readonly setRunning: (isRunning: boolean) => void;
  /** Shown in the place of "running" when the run that said so ends and says nothing more. */
  readonly givenUp: (session: Session) => State;
}

/** Of several runs the last one counts; beginning one ends the one before. */
export interface RunTurns<Session, State> {
  /** Whose state is on show; a run that has shown nothing yet does not count. */
  readonly shown: () => Session | undefined;
  readonly begin: (session: Session) => Run<Session>;
  /** Shows the state, as that of `session` when the run has come to another one. */
  readonly tell: (run: Run<Session>, state: State, session?: Session) => void;
  readonly end: (run: Run<Session>) => void;
  readonly cancel: () => void;
}

export function createRunTurns<
  Session,
  State extends { readonly kind: string },
>(needs: RunTurnNeeds<Session, State>): RunTurns<Session, State> {
  let current: Run<Session> | undefined;
  let onShow:
    { readonly session: Session; readonly kind: State["kind"] } | undefined;
  const tell: RunTurns<Session, State>["tell"] = (
    run,
    state,
    session = run.session,
  ) => {
    if (current !== run) return;
    onShow = { session, kind: state.kind };
    needs.show(session, state);
  };
  return {
    shown: () => onShow?.session,
    begin: (session) => {
      current?.controller.abort();
      const controller = new AbortController();
      current = { session, controller, signal: controller.signal };
      needs.setRunning(true);
      return current;
    },
    tell,
    end: (run) => {
      if (current !== run) return;
      needs.setRunning(false);
      // It broke, or the person turned away after it had ended the run before: nobody else takes "running" off.
      if (onShow?.kind === "running") tell(run, needs.givenUp(run.session));
    },
    cancel: () => {
      current?.controller.abort();
    },
  };
}
