import { ROW } from '../trace/display-tree.js';
import { itemsOf } from '../trace/groups.js';
import { isJoinable, joinableLink } from '../trace/joinable-link.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { goTo } from './navigation.js';
import { areDetailsShown, say } from './state.js';
import { toggleTogether } from './together.js';

/** What Enter does: a link leads to its span, a span shows its details. */
export function enterRow(trace: OpenTrace, position: number): void {
  const { kind, ref, model } = trace.tree.peek();
  if (position < 0) return;
  if (kind[position] === ROW.link) followLink(model.detail.links, ref[position]!);
  else if (kind[position] === ROW.fold) trace.toggle(position);
  else areDetailsShown.value = true;
}

/** Opens or closes a row; a link opens by what it leads to. */
export function toggleRow(trace: OpenTrace, position: number): void {
  const link = joinableLink(trace.tree.peek(), position);
  if (link < 0) trace.toggle(position);
  else toggleTogether(trace, link);
}

/** Shows what the selected row, or the span that it belongs to, is linked to in the same waterfall. */
export function showLinked(trace: OpenTrace): void {
  const { kind, ref, model } = trace.tree.peek();
  const at = trace.selected.peek();
  const links = itemsOf(model.linksOf, trace.selectedSpan.peek());
  const link = kind[at] === ROW.link ? ref[at] : links.find((each) => isJoinable(model, each));
  if (link === undefined) say('Nothing in the store is linked to this span.');
  else toggleTogether(trace, link);
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
