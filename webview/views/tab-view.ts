/** One view of the plan; made when its tab first opens. */
export interface PlanTab {
  readonly element: HTMLElement;
  /** Called when the tab is shown and whenever the width changes. */
  readonly layOut: () => void;
}
