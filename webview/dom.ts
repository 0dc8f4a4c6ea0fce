export type Child = Node | string | undefined | false;

export interface ElementOptions {
  readonly class?: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  /** Set through the CSSOM, which a strict content security policy allows. */
  readonly style?: Readonly<Record<string, string>>;
  readonly onClick?: () => void;
}

/** Text stays text: strings become text nodes, never markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: ElementOptions = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  equip(element, options);
  for (const child of children) {
    if (child !== undefined && child !== false) element.append(child);
  }
  return element;
}

function equip(element: HTMLElement, options: ElementOptions): void {
  if (options.class !== undefined) element.className = options.class;
  for (const [name, value] of Object.entries(options.attributes ?? {})) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries(options.style ?? {})) {
    element.style.setProperty(name, value);
  }
  const { onClick } = options;
  if (onClick !== undefined) {
    element.addEventListener("click", () => {
      onClick();
    });
  }
}

/** A button that looks like a link. */
export function link(label: string, onClick: () => void): HTMLButtonElement {
  return h(
    "button",
    { class: "link", attributes: { type: "button" }, onClick },
    label,
  );
}

export function percent(share: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  return `${(bounded * 100).toFixed(3)}%`;
}
