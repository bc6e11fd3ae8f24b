import type { LinkKind } from '../../../src/wire/trace-columns.interface.js';
import { toggleTogether } from '../app/together.js';
import { route } from '../app/navigation.js';
import { followLink } from '../app/walk.js';
import { oneLine } from '../format/plain-text.js';
import { duration } from '../format/quantities.js';
import { itemsOf } from '../trace/groups.js';
import { isJoinable } from '../trace/joinable-link.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { textOf } from '../trace/trace-model.js';

const WORDS: Record<LinkKind, string> = {
  link: 'links to',
  backlink: 'linked from',
  started: 'started',
  origin: 'started by',
};

/** Links of a span in both directions; each leads to its other end, and `[` leads back. */
export function Links({ trace, span }: { trace: OpenTrace; span: number }) {
  const model = trace.model.value;
  const links = itemsOf(model.linksOf, span);
  if (links.length === 0) return null;
  const { detail } = model;
  return (
    <details class="section" open>
      <summary>
        Links <span class="dim">{links.length}</span>
      </summary>
      <ul class="links">
        {[...links.subarray(0, 200)].map((link) => {
          const took = detail.links.duration[link];
          const traceId = detail.links.traceId[link]!;
          return (
            <li key={link}>
              <span class="dim">{WORDS[detail.links.kind[link]!]}</span>
              <button type="button" class="link" onClick={() => followLink(detail.links, link)}>
                {oneLine(textOf(model, detail.links.name[link]!), 80) || detail.links.spanId[link]}
              </button>
              {typeof took === 'number' && <span>{duration(took)}</span>}
              <span class="dim">
                {traceId === detail.traceId ? 'in this trace' : `trace ${traceId.slice(0, 8)}`}
                {detail.links.isKnown[link] ? '' : ', not in the store'}
              </span>
              {isJoinable(model, link) && (
                <button
                  type="button"
                  class="chip-button"
                  aria-pressed={route.value.together.includes(traceId)}
                  title="Both traces in one waterfall (t)"
                  onClick={() => toggleTogether(trace, link)}
                >
                  Show together
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
