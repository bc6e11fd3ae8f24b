import { count } from '../format/quantities.js';
import type { OpenTrace } from '../trace/open-trace.js';

/** The search within a trace: how many spans match, and the way from one to the next. */
export function Find({ trace }: { trace: OpenTrace }) {
  const words = trace.words.value;
  const matches = trace.matches.value;
  const at = matches.indexOf(trace.selectedSpan.value);
  const step = (by: 1 | -1) => trace.revealNext(matches, by);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  };
  return (
    <div class="find">
      <input
        id="find"
        type="text"
        aria-label="Find in this trace"
        placeholder="Find in trace (f)"
        autocomplete="off"
        spellcheck={false}
        value={words}
        onInput={({ currentTarget }) => (trace.words.value = currentTarget.value)}
        onKeyDown={onKey}
      />
      {words !== '' && (
        <>
          <output aria-live="polite">
            {at >= 0 ? `${count(at + 1)} of ${count(matches.length)}` : count(matches.length)}
          </output>
          <button
            type="button"
            class="button"
            aria-label="Previous match"
            disabled={matches.length === 0}
            onClick={() => step(-1)}
          >
            ↑
          </button>
          <button
            type="button"
            class="button"
            aria-label="Next match"
            disabled={matches.length === 0}
            onClick={() => step(1)}
          >
            ↓
          </button>
        </>
      )}
    </div>
  );
}
