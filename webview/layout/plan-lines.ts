/**
 * Which operation each line of a plan text belongs to: a line with an arrow
 * begins the next operation in preorder, the lines under it are its details.
 */
export function planLines(
  text: string,
  nodeCount: number,
): { readonly nodeOfLine: readonly (number | undefined)[] } {
  let node = -1;
  const nodeOfLine = text.split("\n").map((line) => {
    if (node < 0 || /^\s*->\s/.test(line)) node += 1;
    return /^\S/.test(line) && node > 0 ? undefined : inRange(node, nodeCount);
  });
  return { nodeOfLine };
}

function inRange(node: number, count: number): number | undefined {
  return node < count ? node : undefined;
}
