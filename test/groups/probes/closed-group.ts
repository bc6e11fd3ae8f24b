import { setImmediate as turn } from 'node:timers/promises';
import type { TaskGroup } from 'nestjs-tracing';
import { runGroup } from '../../../libs/tracing/src/group/run-group.js';

/** Runs a group to its end and answers it, with weak references to what its children held. */
async function closedGroup(concurrency: number | undefined) {
  const held: WeakRef<object>[] = [];
  let group: TaskGroup | undefined;
  const keep = <T extends object>(value: T): T => {
    held.push(new WeakRef(value));
    return value;
  };
  await runGroup('g', concurrency === undefined ? {} : { concurrency }, (g) => {
    group = g;
    for (let i = 0; i < 20; i += 1) {
      const captured = keep({ captured: Array.from({ length: 1000 }, () => i) });
      const work = async (): Promise<object> => {
        await turn();
        return keep({ result: captured });
      };
      held.push(new WeakRef(work));
      held.push(new WeakRef(g.spawn(work)));
    }
    if (concurrency !== undefined) g.cancel();
  }).catch(() => undefined);
  return { group, held };
}

const report: number[] = [];
for (const concurrency of [undefined, 2]) {
  const { group, held } = await closedGroup(concurrency);
  const alive = (): number => held.filter((reference) => reference.deref() !== undefined).length;
  for (let i = 0; i < 50 && alive() > 0; i += 1) {
    await turn();
    globalThis.gc?.();
  }
  report.push(alive());
  if (group?.errors.length !== 0)
    throw new Error('The group is still reachable and has no errors.');
}
console.log(JSON.stringify(report));
