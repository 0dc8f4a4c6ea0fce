import type { Plan } from "../core/plan/plan.ts";
import type { Finding } from "../core/findings/finding.ts";
import type { TextSpan } from "../core/text-span.ts";

export interface SuggestionView {
  readonly id: number;
  readonly title: string;
  /** `(enrollment_id, created_at DESC)` */
  readonly keyText: string;
  readonly table: string;
  readonly keys: readonly { readonly text: string; readonly role: string }[];
  readonly predicate: string | undefined;
  readonly proof: "measured" | "planner" | "twin" | "heuristic";
  /** `HypoPG 1.3.1`, or the reason of a heuristic. */
  readonly proofDetail: string;
  readonly costBefore: number | undefined;
  readonly costAfter: number | undefined;
  readonly sizeBytes: number | undefined;
  readonly why: string;
  readonly ddl: string;
  readonly runner: string | undefined;
  readonly path: string | undefined;
  readonly notes: readonly string[];
  /** What it asks for beside the gain; undefined where nothing was tried. */
  readonly upkeep:
    | {
        readonly buildMs: number;
        /** Since the server's counters were reset; undefined where it tells none. */
        readonly entriesWritten: number | undefined;
        readonly hotUpdatesAtRisk: number | undefined;
      }
    | undefined;
  /** Existing indexes that do nothing which it would not do. */
  readonly replaces: readonly string[];
  /** Others that help too, cheapest plan first. */
  readonly others: readonly {
    readonly keyText: string;
    readonly costAfter: number;
    readonly sizeBytes: number;
    /** What speaks for it; empty when nothing does. */
    readonly note: string;
  }[];
  readonly rejected: readonly {
    readonly keyText: string;
    readonly costAfter: number | undefined;
    readonly reason: string;
  }[];
}

export interface PlanView {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly suggestions: readonly SuggestionView[];
  /** Suggestions are still being looked for and follow. */
  readonly adviceComing?: true;
  /** A copy of the statistics would prove suggestions: nobody said whether it may be made, or it is being made. */
  readonly copy?: "unanswered" | "coming";
  /** What makes the suggestions poorer than they could be, in whole sentences; absent or empty where nothing does. */
  readonly adviceNotes?: readonly string[];
  readonly query: {
    readonly text: string;
    /** One-based line of the first line of the text in its document. */
    readonly firstLine: number;
    readonly sourceLabel: string | undefined;
  };
  readonly connection: {
    readonly name: string;
    readonly environment: "dev" | "staging" | "production" | "bundle";
    readonly server: string;
  };
  /** Why the statement cannot be run here; undefined where it can. */
  readonly noAnalyze: string | undefined;
  /** What the source has and the copy of its statistics has not; empty where nothing is planned on a copy. */
  readonly remarks: readonly string[];
  /** "Planned just now, nothing ran", "Analyzed, read-only, rolled back". */
  readonly ran: string;
  readonly parameters: string | undefined;
  /** Spans in query.text to mark per plan node: conditions `strong`, table `soft`. */
  readonly marks: readonly {
    readonly nodeId: number;
    readonly span: TextSpan;
    readonly kind: "condition" | "table";
  }[];
}

export type PanelState =
  | { readonly kind: "empty" }
  | {
      readonly kind: "running";
      readonly what: string;
      readonly connection: string;
      readonly limitMs: number | undefined;
    }
  | { readonly kind: "plan"; readonly view: PlanView }
  | {
      readonly kind: "trouble";
      readonly title: string;
      readonly detail: string;
      readonly actions: readonly {
        readonly label: string;
        readonly command:
          "explain" | "analyze" | "showInEditor" | "showLog" | "reconnect";
      }[];
    };

/** Host → webview. */
export interface HostMessages {
  readonly state: PanelState;
  readonly migrationWritten: {
    readonly suggestionId: number;
    readonly path: string;
  };
}

/** Webview → host. The host parses what arrives. */
export interface PanelMessages {
  readonly ready: Record<string, never>;
  readonly explain: Record<string, never>;
  readonly analyze: Record<string, never>;
  readonly cancel: Record<string, never>;
  readonly selectNode: { readonly nodeId: number };
  readonly writeMigration: { readonly suggestionId: number };
  readonly previewMigration: { readonly suggestionId: number };
  readonly openSource: Record<string, never>;
  readonly openRule: { readonly rule: string };
  readonly copy: { readonly text: string };
  readonly askToCopy: Record<string, never>;
  readonly showLog: Record<string, never>;
  readonly reconnect: Record<string, never>;
}

/** What crosses the bridge in either direction: one of these per `postMessage`, told apart by `type`. */
export type Envelope<Messages> = {
  readonly [Type in keyof Messages]: {
    readonly type: Type;
    readonly body: Messages[Type];
  };
}[keyof Messages];
