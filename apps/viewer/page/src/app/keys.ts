import { ANYWHERE, IN_TRACE, type KeyCommand } from './key-commands.js';
import { route } from './navigation.js';
import { current, isHelpShown } from './state.js';

const ARROWS: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  '=': '+',
};

/** Listens to the keys of the page. What is typed into a field is text. */
export function startKeys(): void {
  window.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event)) return;
    const command = commandOf(event.key);
    if (!command) return;
    if (isControl(event.target) && ['Enter', 'Home', 'End'].includes(event.key)) return;
    event.preventDefault();
    command();
  });
}

function commandOf(key: string): (() => void) | undefined {
  const shown = /^\d$/.test(key) ? '0–9' : (ARROWS[key] ?? key);
  // Below the help nothing moves that is not seen.
  if (isHelpShown.peek() && shown !== '?' && shown !== 'Escape') return undefined;
  const has = ({ keys }: KeyCommand) => keys.includes(shown);
  const anywhere = ANYWHERE.find(has);
  const trace = current.peek();
  if (anywhere) return () => anywhere.run(trace!, key);
  const inTrace = IN_TRACE.find(has);
  return trace && route.peek().place.page === 'trace' && inTrace
    ? () => inTrace.run(trace, key)
    : undefined;
}

/** Escape leaves a field, everything else is meant for it. */
function isTyping({ target, key }: KeyboardEvent): boolean {
  const field = target instanceof Element && target.closest<HTMLElement>('input, textarea, select');
  if (!field) return false;
  if (key === 'Escape') field.blur();
  return true;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, [role=option]') !== null;
}
