import { h, percent } from "../dom.ts";
import { heatOf } from "../layout/measures.ts";
import type { Session } from "../session.ts";

// As in the editor's ruler, few marks say more than many.
const mostMarks = 40;
// Below this a plan fits on the screen and needs no ruler.
const worthARuler = 60;

/** Where in all operations, folded ones included, the costly ones lie. */
export function overviewRuler(
  session: Session,
  onGo: (nodeId: number) => void,
): HTMLElement {
  const ruler = h("div", {
    class: "ruler",
    attributes: { "aria-hidden": "true" },
  });
  const draw = (): void => {
    ruler.replaceChildren(...marks(session, onGo));
  };
  ruler.hidden = session.facts.model.nodes.length < worthARuler;
  if (ruler.hidden) return ruler;
  draw();
  session.onChange((now, before) => {
    if (now.bars !== before.bars) draw();
  });
  return ruler;
}

function marks(
  session: Session,
  onGo: (nodeId: number) => void,
): readonly HTMLElement[] {
  const { model, measures, findingsAt } = session.facts;
  const { bars } = session.now();
  const whole = measures.whole(bars);
  return model.nodes
    .map((node) => ({
      id: node.id,
      share: measures.own(bars, node.id) / whole,
    }))
    .filter(({ id, share }) => heatOf(share) !== "" || findingsAt.has(id))
    .sort((a, b) => b.share - a.share)
    .slice(0, mostMarks)
    .map(({ id, share }) =>
      h("i", {
        class: heatOf(share),
        style: { top: percent(id / model.nodes.length) },
        onClick: () => {
          onGo(id);
        },
      }),
    );
}
