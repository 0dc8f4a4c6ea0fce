import { hideNonce } from "./announce-nonce.ts";
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import type { IconName } from "./icons.ts";
import { icon } from "./icons.ts";

// The toolkit's badge writes a style attribute, which the content security policy forbids, so counts are drawn by the panel.
/** Once per page, before the first control is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField());
  hideNonce();
}

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: IconName;
  readonly look?: "primary" | "secondary";
  /** In a narrow panel only the icon stays. */
  readonly wordy?: boolean;
  readonly hint?: string;
  /** Shown, and out of use; the hint says why. */
  readonly disabled?: boolean;
  readonly onPress: () => void;
}

export function button(options: ButtonOptions): HTMLElement {
  const element = document.createElement("vscode-button");
  element.setAttribute("appearance", options.look ?? "secondary");
  element.setAttribute("aria-label", options.label);
  if (options.hint !== undefined) element.title = options.hint;
  if (options.disabled === true) element.setAttribute("disabled", "");
  if (options.wordy === true) element.className = "wordy";
  if (options.icon !== undefined) element.append(icon(options.icon));
  // Not a span: the toolkit gives slotted spans the size of an icon.
  const words = document.createElement("div");
  words.textContent = options.label;
  element.append(words);
  element.addEventListener("click", () => {
    options.onPress();
  });
  return element;
}

export function iconButton(
  name: IconName,
  label: string,
  onPress: () => void,
): HTMLElement {
  const element = document.createElement("vscode-button");
  element.setAttribute("appearance", "icon");
  element.setAttribute("aria-label", label);
  element.title = label;
  element.append(icon(name));
  element.addEventListener("click", () => {
    onPress();
  });
  return element;
}

export interface FindField {
  readonly element: HTMLElement;
  readonly focus: () => void;
  readonly clear: () => void;
}

export interface FindFieldOptions {
  readonly label: string;
  readonly onInput: (text: string) => void;
  /** Enter: the next match, with Shift the one before. */
  readonly onNext: (backwards: boolean) => void;
  readonly onEscape: () => void;
}

/** The toolkit names every field without text in it "Text field" once it is in the page. */
function keepLabel(element: HTMLElement, label: string): void {
  new MutationObserver(() => {
    if (element.getAttribute("aria-label") !== label)
      element.setAttribute("aria-label", label);
  }).observe(element, { attributeFilter: ["aria-label"] });
}

export function findField(options: FindFieldOptions): FindField {
  const element = document.createElement("vscode-text-field");
  element.setAttribute("placeholder", options.label);
  element.setAttribute("aria-label", options.label);
  keepLabel(element, options.label);
  const glass = icon("search");
  glass.setAttribute("slot", "start");
  element.append(glass);
  const valueOf = (): string =>
    "value" in element && typeof element.value === "string"
      ? element.value
      : "";
  element.addEventListener("input", () => {
    options.onInput(valueOf());
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter") options.onNext(event.shiftKey);
    else if (event.key === "Escape") options.onEscape();
    else return;
    event.preventDefault();
  });
  return {
    element,
    focus: () => {
      element.focus();
    },
    clear: () => {
      if ("value" in element) element.value = "";
    },
  };
}
