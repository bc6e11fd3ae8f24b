import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../api/client.js';
import { Icon } from './icon.js';
import { goTo, route } from './navigation.js';
import { attempt, list, say } from './state.js';

const PATIENCE_MILLIS = 5_000;

/** Removes every trace that is not pinned, at the second press: what is gone does not come back. */
export function ClearButton() {
  const isAsking = useSignal(false);
  const stop = () => (isAsking.value = false);
  useEffect(() => {
    if (!isAsking.value) return undefined;
    const timer = setTimeout(stop, PATIENCE_MILLIS);
    return () => clearTimeout(timer);
  }, [isAsking.value]);
  return (
    <button
      type="button"
      class="button"
      title="Remove every trace that is not pinned"
      aria-label={isAsking.value ? undefined : 'Clear'}
      onClick={() => {
        if (isAsking.value) clear();
        isAsking.value = !isAsking.value;
      }}
      onBlur={stop}
    >
      <Icon name="clear" />
      {isAsking.value && <b class="ask bad">Remove all?</b>}
    </button>
  );
}

function clear(): void {
  attempt(async () => {
    await api.clear();
    say('Every trace that was not pinned has been removed.');
    if (route.peek().place.page !== 'map') goTo({ page: 'list' });
    await list.load(route.peek().query);
  });
}
