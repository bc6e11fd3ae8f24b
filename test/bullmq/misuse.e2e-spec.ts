import { setTimeout as sleep } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import type { WorkerTask } from 'nestjs-tracing/offload';
import { describe, expect, it } from 'vitest';
import { defineTask } from '../offload/built.js';
import { inRequest } from '../offload/offloading.js';
import { describeWithService, findRedis } from '../support/services.js';
import * as jobs from './fixtures/jobs.task.mjs';
import {
  OffloadHostModule,
  bullmqBackend,
  createOffloadHost,
  tracedQueueTelemetry,
} from './support/built.js';
import { useRecordedMeeting } from './support/recorded-meeting.js';

const connection = 'redis://localhost:6379';
const tasks = [jobs.nested] as const;

describe('wrong options', () => {
  it.each([
    [{}, /^TracingConfigurationError: connection: write a URL such as "redis:/],
    [{ connection: 'localhost' }, /connection: write a URL/],
    [{ connection, queue: 'a:b' }, /queue: write a name without a colon/],
    [{ connection, attempts: 0 }, /attempts: write a number above 0/],
    [
      { connection, conection: 1 },
      /conection: there is no such option; did you mean "connection"\?/,
    ],
    [undefined, /options: write an object/],
  ])('of bullmqBackend() are named: %j', (options, message) => {
    expect(() => bullmqBackend(options as never)).toThrow(
      expect.objectContaining({ name: 'TracingConfigurationError' }),
    );
    expect(() => bullmqBackend(options as never)).toThrow(
      new RegExp(message.source.replace('^TracingConfigurationError: ', '')),
    );
  });

  it.each([
    [{ connection }, /tasks: write an array of tasks made by defineTask/],
    [{ connection, tasks: [] }, /tasks: write an array of tasks made by defineTask/],
    [{ connection, tasks: [{ name: 'a' }] }, /tasks: write an array of tasks made by defineTask/],
    [{ connection, tasks, runOn: 'cloud' }, /runOn: write "pool" or "process"/],
    [{ connection, tasks, concurrency: 1.5 }, /concurrency: write a whole number/],
  ])('of a host are named: %j', (options, message) => {
    expect(() => createOffloadHost(options as never)).toThrow(message);
    expect(() => OffloadHostModule.forRoot(options as never)).toThrow(message);
  });

  it('of tracedQueueTelemetry() are named', () => {
    expect(() => tracedQueueTelemetry({ parent: 'both' } as never)).toThrow(
      'parent: write "link" or "child"',
    );
  });

  it('two tasks of one name are refused with both files; one task twice is one', () => {
    const again = defineTask(import.meta.url, 'nested', () => 1);
    expect(() => createOffloadHost({ connection, tasks: [jobs.nested, again] })).toThrow(
      /tasks: two are named "nested", one in file:.*jobs\.task\.mjs, one in file:.*misuse\.e2e-spec\.ts: rename one/,
    );
    expect(() =>
      OffloadHostModule.forRoot({ connection, tasks: [jobs.nested, jobs.nested] }),
    ).not.toThrow();
  });

  it('Q11 a task whose input or result is no JSON does not compile', () => {
    const compiles = (): unknown[] => {
      const dated = jobs.echo as unknown as WorkerTask<{ at: Date }, void>;
      const mapped = jobs.echo as unknown as WorkerTask<string, Map<string, number>>;
      return [
        // @ts-expect-error -- the input holds a Date
        createOffloadHost({ connection, tasks: [jobs.nested, dated] }),
        // @ts-expect-error -- the result is a Map
        OffloadHostModule.forRoot({ connection, tasks: [mapped] }),
        createOffloadHost({ connection, tasks: [jobs.nested, jobs.wait, jobs.echo, jobs.failing] }),
      ];
    };
    expect(compiles).toBeTypeOf('function');
  });
});

describeWithService(await findRedis(), 'a host that has nothing to do', () => {
  const current = useRecordedMeeting();

  it('Q10 Q12 makes no spans and joins no span that it is made in', async () => {
    const host = await inRequest(async () => {
      const made = createOffloadHost({ ...current.place, tasks, stalledIntervalMillis: 50 });
      await made.ready();
      return made;
    });
    await sleep(500);
    await host.close();
    await host.close();
    expect(current.spans.finished.map((span) => span.name)).toEqual(['request']);
    current.spans.assertNoOpenSpans();
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});
