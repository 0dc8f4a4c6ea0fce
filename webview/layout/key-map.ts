export type TreeAction =
  | "down"
  | "up"
  | "pageDown"
  | "pageUp"
  | "first"
  | "last"
  | "open"
  | "close"
  | "openAll"
  | "hotPath"
  | "hottest"
  | "nextFinding"
  | "previousFinding"
  | "find"
  | "details"
  | "copyRow"
  | "back"
  | "keys"
  | "view1"
  | "view2"
  | "view3"
  | "view4"
  | "view5";

export interface PressedKey {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

const plain: Readonly<Record<string, TreeAction>> = {
  ArrowDown: "down",
  ArrowUp: "up",
  PageDown: "pageDown",
  PageUp: "pageUp",
  Home: "first",
  End: "last",
  ArrowRight: "open",
  ArrowLeft: "close",
  Enter: "details",
  Escape: "back",
  "*": "openAll",
  "0": "hotPath",
  "/": "find",
  "?": "keys",
  "1": "view1",
  "2": "view2",
  "3": "view3",
  "4": "view4",
  "5": "view5",
};

/** What a key does while the tree has the focus; undefined leaves it to the browser. */
export function treeAction(pressed: PressedKey): TreeAction | undefined {
  if (pressed.alt) return undefined;
  const letter = pressed.key.toLowerCase();
  if (pressed.ctrl) {
    if (letter === "f") return "find";
    return letter === "c" && !pressed.shift ? "copyRow" : undefined;
  }
  if (letter === "h") return "hottest";
  if (letter === "f") return pressed.shift ? "previousFinding" : "nextFinding";
  return Object.hasOwn(plain, pressed.key) ? plain[pressed.key] : undefined;
}
