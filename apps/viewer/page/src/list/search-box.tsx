import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { SearchTerms } from '../../../src/wire/overview.interface.js';
import { api } from '../api/client.js';
import { amend, route } from '../app/navigation.js';
import { list } from '../app/state.js';
import { searchFlipped, searchHolds, suggestions } from './search-terms.js';

const DEBOUNCE_MILLIS = 180;
const QUICK = [
  ['Errors', 'status:error'],
  ['> 200 ms', 'duration:>200ms'],
  ['N+1', 'has:n+1'],
  ['Blocked', 'has:blocked'],
  ['Cancelled', 'has:cancelled'],
  ['Running', 'has:running'],
  ['Pinned', 'has:pinned'],
] as const;
const NO_TERMS: SearchTerms = { services: [], routes: [], attributes: [], has: [] };

/** The search, with what completes it, and the filters that are a click away. */
export function SearchBox() {
  const { query } = route.value;
  return (
    <div class="search-box">
      <SearchField query={query} />
      <Fault query={query} />
      <div class="quick" role="group" aria-label="Filters">
        {QUICK.map(([name, term]) => (
          <button
            key={term}
            type="button"
            class="chip-button"
            aria-pressed={searchHolds(query, term)}
            title={term}
            onClick={() => amend({ query: searchFlipped(query, term) })}
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}

function SearchField({ query }: { query: string }) {
  const text = useSignal(query);
  const terms = useSignal(NO_TERMS);
  const chosen = useSignal(-1);
  const isOpen = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => void (text.value = query), [query]);
  const options = isOpen.value ? suggestions(text.value, terms.value) : [];
  const set = (next: string, isAtOnce: boolean) => {
    text.value = next;
    chosen.value = -1;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => amend({ query: next.trim() }), isAtOnce ? 0 : DEBOUNCE_MILLIS);
  };
  const open = () => {
    isOpen.value = true;
    api.terms().then(
      (found) => (terms.value = found),
      // Without completion the search works as well.
      () => undefined,
    );
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      chosen.value =
        (chosen.value + step + options.length + (chosen.value < 0 && step < 0 ? 1 : 0)) %
        options.length;
    } else if (
      (event.key === 'Enter' || event.key === 'Tab') &&
      options[chosen.value] !== undefined
    ) {
      event.preventDefault();
      set(options[chosen.value]!, true);
    } else if (event.key === 'Enter') {
      isOpen.value = false;
      set(text.value, true);
    }
  };
  return (
    <div class="field" role="search">
      <input
        id="search"
        type="text"
        role="combobox"
        aria-label="Search traces"
        aria-expanded={options.length > 0}
        aria-controls="search-options"
        aria-autocomplete="list"
        {...(chosen.value >= 0 ? { 'aria-activedescendant': `search-${chosen.value}` } : {})}
        autocomplete="off"
        spellcheck={false}
        placeholder="Search: text, service:orders, duration:>200ms"
        value={text.value}
        onInput={({ currentTarget }) => {
          isOpen.value = true;
          set(currentTarget.value, false);
        }}
        onFocus={open}
        onBlur={() => (isOpen.value = false)}
        onKeyDown={onKey}
      />
      <kbd aria-hidden="true">/</kbd>
      <Options options={options} chosen={chosen.value} take={(option) => set(option, true)} />
    </div>
  );
}

function Options(props: {
  options: readonly string[];
  chosen: number;
  take(option: string): void;
}) {
  const { options, chosen, take } = props;
  return (
    <ul
      id="search-options"
      class="options"
      role="listbox"
      aria-label="Completions"
      hidden={options.length === 0}
    >
      {options.map((option, index) => (
        <li
          key={option}
          id={`search-${index}`}
          role="option"
          aria-selected={index === chosen}
          // The field would lose the focus before a click arrives.
          onMouseDown={(event) => {
            event.preventDefault();
            take(option);
          }}
        >
          {option}
        </li>
      ))}
    </ul>
  );
}

/** What is wrong with a search, and where. */
function Fault({ query }: { query: string }) {
  const fault = list.fault.value;
  if (!fault) return null;
  return (
    <p class="fault" role="alert">
      {fault.message}
      {fault.at !== undefined && (
        <code>
          {query.slice(Math.max(0, fault.at - 20), fault.at)}
          <mark>{query.slice(fault.at, fault.at + 12) || '⎵'}</mark>
        </code>
      )}
    </p>
  );
}
