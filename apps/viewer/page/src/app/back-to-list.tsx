import { Icon } from './icon.js';
import { goTo } from './navigation.js';

/** The way back where the window has no room for the list beside the trace. */
export function BackToList() {
  return (
    <button
      type="button"
      class="button narrow-only"
      aria-label="Back to the list"
      onClick={() => goTo({ page: 'list' })}
    >
      <Icon name="back" />
    </button>
  );
}
