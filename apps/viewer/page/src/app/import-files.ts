import { api } from '../api/client.js';
import { plural } from '../format/quantities.js';
import { goTo } from './navigation.js';
import { attempt, say } from './state.js';

/** Reads files of traces into the store and opens the first of them. */
export function importFiles(files: Iterable<File>): void {
  for (const file of files) attempt(() => importFile(file));
}

async function importFile(file: File): Promise<void> {
  say(`Reading ${file.name} …`);
  const { traces, spans, traceIds } = await api.import(file).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file.name}: ${reason}`, { cause: error });
  });
  say(`${file.name}: ${plural(traces, 'trace')}, ${plural(spans, 'span')}.`);
  const [first] = traceIds;
  if (first !== undefined) goTo({ page: 'trace', traceId: first, spanId: '' });
}

/** Files that are dropped anywhere on the page are imported. */
export function acceptDrops(): void {
  const hold = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };
  window.addEventListener('dragover', (event) => {
    hold(event);
    document.body.classList.add('is-dropping');
  });
  for (const end of ['dragleave', 'drop'] as const) {
    window.addEventListener(end, () => document.body.classList.remove('is-dropping'));
  }
  window.addEventListener('drop', (event) => {
    hold(event);
    importFiles(event.dataTransfer?.files ?? []);
  });
}
