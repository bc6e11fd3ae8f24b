import { afterAll, describe, expect, it, vi } from 'vitest';
import { isSoak } from '../support/bound.js';
import { faultCases } from '../support/fault-cases.js';
import { FaultCollector } from '../support/fault-collector.js';
import type { RigPlan, RigRun } from '../support/fault-run.js';
import { RIG_SPANS, kindOf, runInRig } from '../support/fault-run.js';
import type { Protocol } from '../support/fault-servers.js';
import { listenWith, socketFaults } from '../support/fault-sockets.js';
import { figure, unaccounted } from '../support/tracing-app.js';

type Thread = 'worker' | 'main';

/** Which faults are tried, and how the applications end that meet them. */
interface Rig {
  readonly ways: readonly RigPlan['way'][];
  readonly isTried: (fault: string, protocol: Protocol, thread: Thread) => boolean;
}

const FLUSH_MILLIS = 300;
/** How long an end may wait, of whatever kind it is. */
const END_MILLIS = 2000;
/** For several processes on a busy machine of two processors. A request that is waited for takes 10 s. */
const MACHINE_MILLIS = 5000;

const NOBODY = 'nothing listens';
const OTHER = 'speaks the other protocol';

let runs = 0;
let slowest = 0;

/** What every run must show, whatever the collector does. */
async function checked(plan: RigPlan): Promise<RigRun['books']> {
  const run = await runInRig(plan);
  const { books } = run;
  runs += 1;
  slowest = Math.max(slowest, books.millis);
  expect(run.noise).toEqual([]);
  expect(run.code).toBe(0);
  expect(books).toMatchObject({ started: RIG_SPANS, ended: RIG_SPANS, queued: 0 });
  expect(unaccounted(books)).toBe(0);
  expect(books.flushed).toBeLessThan(FLUSH_MILLIS + MACHINE_MILLIS);
  expect(books.millis).toBeLessThan(FLUSH_MILLIS + END_MILLIS + MACHINE_MILLIS);
  expect(saidTooOften(run.lines)).toEqual([]);
  expect(run.lines.join('\n')).not.toMatch(/[\p{Cc}\p{Cf}](?<!\n)|undefined|NaN/u);
  return books;
}

/** Lines that an interval must have held back. At the end it says them, so a loss has two at most. */
function saidTooOften(lines: readonly string[]): string[] {
  const kinds = Map.groupBy(lines, (line) => kindOf(line));
  const tooMany = [...kinds].filter(
    ([kind, said]) => said.length > (kind.includes('spans lost') ? 2 : 1),
  );
  return tooMany.flatMap(([, said]) => said);
}

/** Runs applications against collectors with every fault that is tried, and checks what they leave. */
export function describeFaults({ ways, isTried }: Rig): void {
  vi.setConfig({ testTimeout: 60_000, maxConcurrency: isSoak ? 2 : 4 });
  afterAll(() => {
    figure(`${runs} processes, the slowest ended after ${slowest.toFixed()} ms`);
  });
  for (const thread of ['worker', 'main'] as const) {
    for (const protocol of ['grpc', 'http'] as const) {
      describe.concurrent(`over ${protocol}, from the ${thread} thread`, () => {
        describeOne({ ways, isTried }, protocol, thread);
      });
    }
  }
}

function describeOne({ ways, isTried }: Rig, protocol: Protocol, thread: Thread): void {
  const options = {
    exporter: `otlp-${protocol}`,
    exportThread: thread,
    exitTimeoutMillis: END_MILLIS,
    shutdownTimeoutMillis: END_MILLIS,
  } as const;
  const path = protocol === 'http' ? '/v1/traces' : '';
  const tried = (fault: string): boolean => isTried(fault, protocol, thread);

  const cases = faultCases(protocol).filter(({ name }) => tried(name));
  for (const { name, answer, exportsAll, exportsNone, isImpatient } of cases) {
    it.for(ways)(`a collector that ${name}, and a process that ends by %s`, async (way) => {
      const collector = await FaultCollector.start({ protocol });
      collector.answer = () => answer(collector.requests.length - 1);
      const books = await checked({ way, endpoint: collector.url, options, isImpatient });
      if (exportsAll) expect(books).toMatchObject({ exported: RIG_SPANS });
      if (exportsNone) expect(books).toMatchObject({ exported: 0 });
      if (exportsAll) expect(collector.received).toBe(RIG_SPANS);
      await collector.close();
    });
  }

  const sockets = Object.entries(socketFaults).filter(([name]) => tried(name));
  it.for(sockets)('%s', async ([, onConnection]) => {
    const socket = await listenWith(onConnection);
    const endpoint = `http://localhost:${socket.port}${path}`;
    for (const way of ways) {
      const books = await checked({ way, endpoint, options });
      expect(books).toMatchObject({ exported: 0, dropped: { deadline: RIG_SPANS } });
    }
    await socket.close();
  });

  if (tried(NOBODY)) {
    it(NOBODY, async () => {
      const endpoint = `http://localhost:1${path}`;
      for (const way of ways) {
        const books = await checked({ way, endpoint, options });
        expect(books).toMatchObject({ exported: 0, dropped: { deadline: RIG_SPANS } });
      }
    });
  }

  if (tried(OTHER)) {
    it(OTHER, async () => {
      const other = protocol === 'grpc' ? 'http' : 'grpc';
      const collector = await FaultCollector.start({ protocol: other });
      const endpoint = `${new URL(collector.url).origin}${path}`;
      for (const way of ways) {
        const books = await checked({ way, endpoint, options });
        expect(books).toMatchObject({ exported: 0 });
      }
      await collector.close();
    });
  }
}
