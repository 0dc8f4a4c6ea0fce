/** Half-open range of UTF-16 code units, VS Code's own unit. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}
