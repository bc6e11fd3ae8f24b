import { useRef } from 'preact/hooks';
import { Icon } from '../app/icon.js';

interface MenuProps {
  readonly name: string;
  readonly icon: 'copy' | 'more';
  readonly items: readonly (readonly [string, () => void])[];
}

/** A button with a list of things to do. */
export function Menu({ name, icon, items }: MenuProps) {
  const box = useRef<HTMLDetailsElement>(null);
  const close = () => box.current?.removeAttribute('open');
  const leave = (event: FocusEvent) => {
    if (!box.current?.contains(event.relatedTarget as Node | null)) close();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !box.current?.open) return;
    event.stopPropagation();
    close();
    box.current.querySelector('summary')?.focus();
  };
  return (
    <details class="menu" ref={box} onFocusOut={leave} onKeyDown={onKey}>
      <summary class="button" aria-label={name} title={name}>
        <Icon name={icon} />
        <span class="wide">{name}</span>
      </summary>
      <div class="menu-items">
        {items.map(([text, run]) => (
          <button
            key={text}
            type="button"
            onClick={() => {
              close();
              run();
            }}
          >
            {text}
          </button>
        ))}
      </div>
    </details>
  );
}
