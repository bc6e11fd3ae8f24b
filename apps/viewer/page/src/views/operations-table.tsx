import { useSignal } from '@preact/signals';
import { oneLine } from '../format/plain-text.js';
import { count, duration, percent, plural } from '../format/quantities.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { operationsOf, type Operation } from '../trace/operations.js';
import { textOf } from '../trace/trace-model.js';

const SHOWN = 300;
const COLUMNS = [
  ['count', 'Count'],
  ['errors', 'Errors'],
  ['total', 'Total'],
  ['self', 'Self'],
  ['median', 'p50'],
  ['longest', 'Longest'],
] as const;
type Column = (typeof COLUMNS)[number][0];

/** The trace by operation: what it did how often, and what that took. A row leads from call to call. */
export function OperationsTable({ trace }: { trace: OpenTrace }) {
  const by = useSignal<Column>('self');
  const model = trace.model.value;
  const operations = operationsOf(model);
  const whole = Math.max(
    1,
    operations.reduce((sum, { self }) => sum + self, 0),
  );
  const sorted = operations.toSorted((one, other) => other[by.value] - one[by.value]);
  const text = (column: Column, operation: Operation) =>
    column === 'count' || column === 'errors'
      ? count(operation[column])
      : duration(operation[column]);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table by operation">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">Service</th>
            {COLUMNS.map(([column, name]) => (
              <th
                key={column}
                scope="col"
                class="number"
                aria-sort={by.value === column ? 'descending' : 'none'}
              >
                <button type="button" onClick={() => (by.value = column)}>
                  {name}
                  {by.value === column ? ' ↓' : ''}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, SHOWN).map((operation) => (
            <tr key={`${operation.name} ${operation.service}`}>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  onClick={() => trace.revealNext(operation.spans, 1)}
                >
                  {oneLine(textOf(model, operation.name), 160) || '(no name)'}
                </button>
              </th>
              <td>{oneLine(model.detail.services[operation.service]?.name ?? '', 60)}</td>
              {COLUMNS.map(([column]) => (
                <td
                  key={column}
                  class={`number ${column === 'errors' && operation.errors > 0 ? 'bad' : ''}`}
                >
                  {text(column, operation)}
                  {column === 'self' && <small> {percent(operation.self / whole)}</small>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > SHOWN && (
        <p class="dim">{plural(sorted.length - SHOWN, 'operation')} more are not shown.</p>
      )}
    </div>
  );
}
