import type { OpenTrace } from '../trace/open-trace.js';
import { problemSpans } from '../trace/problem-spans.js';
import { pan, setZoom, zoom, zoomToRow } from '../waterfall/pointer.js';
import { compareWith } from './compare-mark.js';
import {
  closeOrUp,
  copyTrace,
  escape,
  flip,
  focusOn,
  move,
  openOrDown,
  stepTrace,
} from './key-actions.js';
import { goBack } from './navigation.js';
import { isHelpShown, list } from './state.js';
import { enterRow, showLinked } from './walk.js';

/** A key and what it does. */
export interface KeyCommand {
  /** As the help shows them. */
  readonly keys: readonly string[];
  readonly does: string;
  readonly group: 'Anywhere' | 'In a trace';
  run(trace: OpenTrace, key: string): void;
}

export const ANYWHERE: readonly KeyCommand[] = [
  {
    keys: ['?'],
    does: 'Show or hide these keys',
    group: 'Anywhere',
    run: () => (isHelpShown.value = !isHelpShown.value),
  },
  { keys: ['/'], does: 'Search traces', group: 'Anywhere', run: () => focusOn('search') },
  {
    keys: ['p'],
    does: 'Hold the list still, or let it go on',
    group: 'Anywhere',
    run: () => list.togglePause(),
  },
  {
    keys: ['j', 'k'],
    does: 'Next or previous trace of the list',
    group: 'Anywhere',
    run: (_, key) => stepTrace(key === 'j' ? 1 : -1),
  },
  { keys: ['['], does: 'Walk back to where you came from', group: 'Anywhere', run: goBack },
  { keys: ['Escape'], does: 'Close what is open, one by one', group: 'Anywhere', run: escape },
];

export const IN_TRACE: readonly KeyCommand[] = [
  {
    keys: ['↑', '↓', 'PageUp', 'PageDown', 'Home', 'End'],
    does: 'Move among the rows',
    group: 'In a trace',
    run: move,
  },
  {
    keys: ['←', '→'],
    does: 'Close or open a row, or go to its parent or child',
    group: 'In a trace',
    run: (trace, key) => (key === 'ArrowLeft' ? closeOrUp(trace) : openOrDown(trace)),
  },
  {
    keys: ['Enter'],
    does: 'Show the details, or follow the link',
    group: 'In a trace',
    run: (trace) => enterRow(trace, trace.selected.peek()),
  },
  {
    keys: ['t'],
    does: 'Show what the row is linked to in this waterfall, or no more',
    group: 'In a trace',
    run: showLinked,
  },
  { keys: ['f'], does: 'Find in this trace', group: 'In a trace', run: () => focusOn('find') },
  {
    keys: ['n', 'N'],
    does: 'Next or previous match',
    group: 'In a trace',
    run: (trace, key) => trace.revealNext(trace.matches.peek(), key === 'n' ? 1 : -1),
  },
  {
    keys: ['e', 'E'],
    does: 'Next or previous error',
    group: 'In a trace',
    run: (trace, key) =>
      trace.revealNext(problemSpans(trace.model.peek(), 'error'), key === 'e' ? 1 : -1),
  },
  {
    keys: ['g', 'G'],
    does: 'Next or previous problem',
    group: 'In a trace',
    run: (trace, key) => trace.revealNext(problemSpans(trace.model.peek()), key === 'g' ? 1 : -1),
  },
  {
    keys: ['x'],
    does: 'Critical path only',
    group: 'In a trace',
    run: (trace) => (trace.isPathOnly.value = !trace.isPathOnly.peek()),
  },
  {
    keys: ['z'],
    does: 'This subtree only',
    group: 'In a trace',
    run: (trace) => trace.toggleFocus(),
  },
  {
    keys: ['0–9'],
    does: 'Fold to a depth; 9 opens all',
    group: 'In a trace',
    run: (trace, key) => trace.closeAtDepth(Number(key)),
  },
  {
    keys: ['r'],
    does: 'Fold repeats, or show each',
    group: 'In a trace',
    run: (trace) => flip(trace, 'withFolds'),
  },
  {
    keys: ['l'],
    does: 'Show or hide log lines',
    group: 'In a trace',
    run: (trace) => flip(trace, 'withLogs'),
  },
  {
    keys: ['+', '-'],
    does: 'Zoom in or out',
    group: 'In a trace',
    run: (trace, key) => zoom(trace, key === '-' ? 1.6 : 1 / 1.6),
  },
  {
    keys: ['<', '>'],
    does: 'Move along the time',
    group: 'In a trace',
    run: (trace, key) => pan(trace, key === '<' ? -0.2 : 0.2),
  },
  {
    keys: ['w'],
    does: 'Zoom to the row, or show the whole',
    group: 'In a trace',
    run: (trace) =>
      trace.zoom.peek()
        ? setZoom(trace, undefined)
        : zoomToRow(trace, Math.max(0, trace.selected.peek())),
  },
  {
    keys: ['c'],
    does: 'Compare: once on each of two traces',
    group: 'In a trace',
    run: (trace) => compareWith(trace.model.peek().detail.traceId),
  },
  {
    keys: ['y', 'Y'],
    does: 'Copy as text; Y with a preface for an assistant',
    group: 'In a trace',
    run: copyTrace,
  },
];

/** Every key, as the help lists them. */
export const KEY_COMMANDS: readonly Pick<KeyCommand, 'keys' | 'does' | 'group'>[] = [
  ...ANYWHERE,
  ...IN_TRACE,
];
