import { describe, expect, it, vi } from 'vitest';
import { bound, isSoak } from '../support/bound.js';
import type { EndingPlan } from '../support/ending-process.js';
import { runToItsEnd } from '../support/ending-process.js';
import { FaultCollector } from '../support/fault-collector.js';
import type { Protocol } from '../support/fault-servers.js';
import { figure } from '../support/tracing-app.js';

/** Several processes at a time; one after the other where times are measured. */
const ending = isSoak ? it : it.concurrent;

const signals: Partial<EndingPlan> = { options: { exitSignals: true } };

/** Way of ending, what is done to it, and what the process must answer its parent. */
const ways: [string, Partial<EndingPlan> & { way: string }, number | null, string | null][] = [
  ['a natural end', { way: 'natural' }, 0, null],
  ['a natural end after a while', { way: 'lateNatural' }, 0, null],
  ['process.exit()', { way: 'exit' }, 3, null],
  ['an uncaught exception', { way: 'throw' }, 1, null],
  ['an unhandled rejection', { way: 'rejection' }, 1, null],
  ['process.exit() in the middle of app.close()', { way: 'exitWhileClosing' }, 3, null],
  ['app.close()', { way: 'close' }, 0, null],
  ['SIGTERM with shutdown hooks', { way: 'hooks', signal: 'SIGTERM' }, null, 'SIGTERM'],
  ['SIGINT with shutdown hooks', { way: 'hooks', signal: 'SIGINT' }, null, 'SIGINT'],
  ['SIGTERM with exitSignals', { ...signals, way: 'signal', signal: 'SIGTERM' }, null, 'SIGTERM'],
  ['SIGINT with exitSignals', { ...signals, way: 'signal', signal: 'SIGINT' }, null, 'SIGINT'],
  [
    'SIGTERM with exitSignals and a listener of the application',
    { ...signals, way: 'ownListener', signal: 'SIGTERM' },
    4,
    null,
  ],
];

/** Runs services that end in every way that is tried, and counts the spans that arrive. */
export function describeEndings(
  isTried: (way: string, protocol: Protocol, thread: 'worker' | 'main') => boolean,
): void {
  vi.setConfig({ testTimeout: 60_000, maxConcurrency: 3 });
  for (const thread of ['worker', 'main'] as const) {
    for (const protocol of ['grpc', 'http'] as const) {
      const tried = ways.filter(([name]) => isTried(name, protocol, thread));
      if (tried.length === 0) continue;
      describe(`a process that ends, over ${protocol}, from the ${thread} thread`, () => {
        for (const [name, ...ending] of tried) describeEnding(name, protocol, thread, ...ending);
      });
    }
  }
}

function describeEnding(
  name: string,
  protocol: Protocol,
  exportThread: 'worker' | 'main',
  plan: (typeof ways)[number][1],
  code: number | null,
  signal: string | null,
): void {
  ending(`R9 E6 E9 loses no ended span to ${name}`, async () => {
    const collector = await FaultCollector.start({ protocol });
    const exporter = `otlp-${protocol}` as const;
    const options = { exitTimeoutMillis: bound(1000), ...plan.options, exporter, exportThread };
    const ended = await runToItsEnd({ ...plan, endpoint: collector.url, options });
    const lost = 100 - collector.received;
    figure(
      `R9 ${protocol}, ${exportThread}, ${name}: ${lost} of 100 lost, ${ended.millis.toFixed()} ms`,
    );
    expect(collector.received).toBe(100);
    expect(ended).toMatchObject({ code, signal });
    expect(ended.output).not.toContain('lost');
    await collector.close();
  });
}
