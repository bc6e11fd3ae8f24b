import { api } from '../api/client.js';
import { plural } from '../format/quantities.js';
import { goTo } from './navigation.js';
import { attempt, say } from './state.js';

/** Reads files of traces into the store, one after another, and opens the first trace of each. */
export function importFiles(files: Iterable<File>): void {
  // A copy: the list of a field is empty as soon as the field is.
  const chosen = Array.from(files);
  attempt(async () => {
    for (const file of chosen) await importFile(file);
  });
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
    const areFiles = event.dataTransfer?.types.includes('Files') ?? false;
    if (areFiles) event.preventDefault();
    return areFiles;
  };
  window.addEventListener('dragover', (event) => {
    document.body.classList.toggle('is-dropping', hold(event));
  });
  for (const end of ['dragleave', 'drop'] as const) {
    window.addEventListener(end, () => document.body.classList.remove('is-dropping'));
  }
  window.addEventListener('drop', (event) => {
    hold(event);
    importFiles(event.dataTransfer?.files ?? []);
  });
}
