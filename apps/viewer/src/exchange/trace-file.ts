import { analyse } from '../detail/trace-detail.js';
import type { StoredTrace } from '../store/stored-trace.js';
import type { TraceStore } from '../store/trace-store.js';
import { chromeFile } from './chrome-file.js';
import { otlpFile } from './otlp-file.js';
import { traceText } from './trace-text.js';

/** A trace as a file. */
export interface TraceFile {
  readonly type: string;
  readonly text: string;
}

/** A trace in one of the forms that are not for the page alone, by the end of its name. */
export function traceFile(
  trace: StoredTrace,
  store: TraceStore,
  form: string,
): TraceFile | undefined {
  if (form === 'otlp.json') return json(otlpFile(trace));
  if (form === 'chrome.json') return json(chromeFile(analyse(trace, store)));
  if (form !== 'txt') return undefined;
  return { type: 'text/plain; charset=utf-8', text: traceText(analyse(trace, store), store) };
}

function json(value: object): TraceFile {
  return { type: 'application/json', text: JSON.stringify(value) };
}
