import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.js';
import { KEY_COMMANDS } from './key-commands.js';
import { openTraceId, route } from './navigation.js';
import { isHelpShown } from './state.js';

const GROUPS = ['Anywhere', 'In a trace'] as const;

/** Every key of the page. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isShown = isHelpShown.value;
  useEffect(() => {
    if (isShown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isShown]);
  const { page } = route.value.place;
  // Back, or a link, leads to what nobody would see below the help.
  useEffect(() => void (isHelpShown.value = false), [page, openTraceId.value]);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={() => (isHelpShown.value = false)}
    >
      <header>
        <h2 id="help-title">Keys</h2>
        <button
          type="button"
          class="button"
          aria-label="Close"
          onClick={() => (isHelpShown.value = false)}
        >
          <Icon name="close" />
        </button>
      </header>
      {isShown && (
        <div class="help-body">
          {GROUPS.map((group) => (
            <KeyGroup key={group} name={group} />
          ))}
        </div>
      )}
      <p class="dim">
        With the mouse: Ctrl and wheel zoom, Shift and wheel move along the time, a drag over the
        small picture above the rows zooms to a stretch, a double click on a row to its bar.
      </p>
    </dialog>
  );
}

function KeyGroup({ name }: { name: (typeof GROUPS)[number] }) {
  return (
    <section>
      <h3>{name}</h3>
      <dl class="keys">
        {KEY_COMMANDS.filter(({ group }) => group === name).map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((each) => (
                <kbd key={each}>{each}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
