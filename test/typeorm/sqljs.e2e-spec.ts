import { describe, expect, it } from 'vitest';
import { itKeepsTheStormApart, useBattery } from './support/battery.js';
import { connect, sqljsEngine } from './support/engine.js';
import { Customer } from './support/entities.js';
import { inSpan } from './support/storm.js';

/** Transactions one after another, each while other requests issue statements on the same runner. */
const TRANSACTIONS = 40;

describe('TypeORM on SQLite in process, where all requests share one runner', () => {
  const battery = useBattery(sqljsEngine);

  itKeepsTheStormApart(battery);

  it('B1 B4 keeps the statements of other requests out of the transaction on the runner', async () => {
    const dataSource = await connect(battery.engine);
    battery.spans.reset();
    const customers = dataSource.getRepository(Customer);
    for (let at = 0; at < TRANSACTIONS; at += 1) {
      const transaction = inSpan('buyer', () =>
        dataSource.transaction(async (manager) => {
          await Promise.all([manager.countBy(Customer, { id: at }), manager.query('SELECT 1')]);
          await manager.transaction((inner) => inner.countBy(Customer, { id: at }));
        }),
      );
      const reads = [1, 2, 3].map(() => inSpan('reader', () => customers.countBy({ id: at })));
      await Promise.all([transaction, ...reads]);
    }
    await dataSource.destroy();
    const kinds = new Set(battery.spans.named('transaction').map((span) => childrenOf(span)));
    expect([...kinds]).toEqual(['BEGIN TRANSACTION, COMMIT, SELECT, SELECT "customer", savepoint']);
    const readers = battery.spans.named('reader');
    expect(readers).toHaveLength(TRANSACTIONS * 3);
    expect(new Set(readers.map((span) => childrenOf(span)))).toEqual(
      new Set(['SELECT "customer"']),
    );
  });

  function childrenOf(span: (typeof battery.spans.finished)[number]): string {
    const names = battery.spans.childrenOf(span).map((child) => child.name);
    return names.toSorted().join(', ');
  }
});
