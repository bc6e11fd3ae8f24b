import { goTo } from './navigation.js';
import { marked, say, toast } from './state.js';

/** Marks a trace to compare, or compares it with the one that is marked. */
export function compareWith(traceId: string): void {
  const other = marked.peek();
  if (other === '' || other === traceId) {
    marked.value = other === traceId ? '' : traceId;
    say(
      other === traceId
        ? 'Not marked any more.'
        : 'Marked. Press c on another trace, or its Compare button.',
    );
    return;
  }
  marked.value = '';
  toast.value = '';
  goTo({ page: 'compare', left: other, right: traceId });
}
