import type { DemoRequest } from './demo-requests.js';
import type { ReceivedSpan, ReceivedTrace } from './received-trace.interface.js';
import { childrenOf, hasQuery, named, problem, workLines } from './trace-parts.js';

const OUTCOMES = 'committed, committed, rolled_back';

/** What is wrong with an import: a transaction that commits, though one of its savepoints does not. */
export function importProblems(_request: DemoRequest, trace: ReceivedTrace): string[] {
  const [transaction] = childrenOf(trace, named(trace, 'import')[0]);
  if (transaction?.name !== 'transaction') return ['the transaction is not below import'];
  const savepoints = childrenOf(trace, transaction).filter(({ name }) => name === 'savepoint');
  const outcomes = savepoints.map(outcomeOf).toSorted().join(', ');
  const refused = savepoints.find((savepoint) => outcomeOf(savepoint) === 'rolled_back');
  return [
    ...problem(outcomeOf(transaction) !== 'committed', 'the transaction is not committed'),
    ...problem(outcomes !== OUTCOMES, `the savepoints are [${outcomes}], not [${OUTCOMES}]`),
    ...problem(!savepoints.every((each) => hasQuery(trace, each)), 'a savepoint without its query'),
    ...problem(refused?.status === 'UNSET', 'the savepoint that failed is no error'),
    ...problem(transaction.status !== 'UNSET', `the transaction is ${transaction.status}`),
    ...problem(workLines(trace).length === 0, 'the log line of the refusal is missing'),
  ];
}

function outcomeOf({ attributes }: ReceivedSpan): string {
  return String(attributes['typeorm.transaction.outcome']);
}
