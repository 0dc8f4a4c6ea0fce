/** What the demo server's process tells the one that started it. */
export type DemoMessage =
  | {
      readonly kind: "progress";
      readonly step: string;
      readonly done: number;
      readonly of: number;
    }
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "failed"; readonly reason: DemoFailure };

export type DemoFailure =
  | { readonly kind: "inUse"; readonly pid: number }
  | { readonly kind: "disk"; readonly detail: string }
  | { readonly kind: "port"; readonly port: number }
  | { readonly kind: "database"; readonly detail: string };

/** The one command that the server's process takes. */
export const stopCommand = "stop";

const kinds = ["progress", "ready", "failed"];

/** Messages come from our own child: only their kind is looked at. */
export function isDemoMessage(value: unknown): value is DemoMessage {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    kinds.includes(String(value.kind))
  );
}
