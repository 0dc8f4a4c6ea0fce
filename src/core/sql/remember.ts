/**
 * `read`, with the answers to the texts that were asked last kept: at most
 * `maximumCharacters` of text in all, the longest unused go first. For answers
 * that nobody changes; a text longer than the room is read anew each time.
 */
export function remember<Value extends object>(
  read: (text: string) => Value,
  maximumCharacters: number,
): (text: string) => Value {
  const kept = new Map<string, Value>();
  let characters = 0;
  const drop = (text: string): void => {
    if (kept.delete(text)) characters -= text.length;
  };
  const keep = (text: string, value: Value): void => {
    kept.set(text, value);
    characters += text.length;
    for (const oldest of kept.keys()) {
      if (characters <= maximumCharacters) break;
      drop(oldest);
    }
  };
  return (text) => {
    if (text.length > maximumCharacters) return read(text);
    const value = kept.get(text) ?? read(text);
    drop(text);
    keep(text, value);
    return value;
  };
}
