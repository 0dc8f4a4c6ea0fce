/** Control characters but tab and line break, C1 included: names, values and remarks hold whatever their author likes. */
const controls = /(?!\r?\n|\t)\p{Cc}/gu;

/** A text that only says something: what would steer a terminal (colors, titles, the clipboard) is shown as `�`. */
export const printable = (text: string): string =>
  text.replace(controls, "\uFFFD");
