import { ROW } from '../trace/display-tree.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { goTo } from './navigation.js';
import { areDetailsShown, say } from './state.js';

/** What Enter does: a link leads to its span, a span shows its details. */
export function enterRow(trace: OpenTrace, position: number): void {
  const { kind, ref, model } = trace.tree.peek();
  if (position < 0) return;
  if (kind[position] === ROW.link) followLink(model.detail.links, ref[position]!);
  else if (kind[position] === ROW.fold) trace.toggle(position);
  else areDetailsShown.value = true;
}

/** Walks to the other end of a link; one that is not there is said. */
export function followLink(
  links: OpenTrace['model']['value']['detail']['links'],
  at: number,
): void {
  const traceId = links.traceId[at]!;
  if (!links.isKnown[at]) {
    say(`Trace ${traceId} is not in the store: it was not received, or it has been let go.`);
    return;
  }
  goTo({ page: 'trace', traceId, spanId: links.spanId[at]! });
}
