import { describe, expect, it } from 'vitest';
import { runGroup } from '../../libs/tracing/src/group/run-group.js';
import { recordSpans } from 'nestjs-tracing/testing';
import { runProbe } from './probes/run-probe.js';
import { turn } from './tasks.js';

describe('what a group leaves behind', () => {
  it('G19 a closed group keeps no reference to its children, their work and their results', async () => {
    expect(await runProbe('closed-group')).toEqual([0, 0]);
  });

  it('G16 a deadline keeps no process alive', async () => {
    expect(await runProbe('idle-deadline')).toBe('started');
  });

  it('G20 ten thousand children end, each with its span', async () => {
    const spans = recordSpans();
    const results = await runGroup('g', { concurrency: 100 }, (g) =>
      Promise.all(
        Array.from({ length: 10_000 }, (_, i) =>
          g.spawn('child', async () => {
            if (i % 7 === 0) await turn();
            return i;
          }),
        ),
      ),
    );
    expect(results.every((result, i) => result === i)).toBe(true);
    expect(spans.named('child')).toHaveLength(10_000);
    expect(spans.one('g').attributes['async.group.tasks.ok']).toBe(10_000);
    spans.assertNoOpenSpans();
    await spans.stop();
  });
});
