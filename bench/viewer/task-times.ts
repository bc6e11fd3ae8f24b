import type { Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of a processor that the event took. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** How many events one recording may have, in kilobytes of the browser's own form. */
const BUFFER_KB = 400_000;

/**
 * Records the tasks of the browser's pages.
 * @returns what ends it, with the milliseconds of a processor that each task took, the longest first:
 * a task that the machine did not let run is as long as it would have been without that.
 */
export async function recordTasks(page: Page): Promise<() => Promise<number[]>> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on(
    'Tracing.dataCollected',
    ({ value }) => void events.push(...(value as unknown as TraceEvent[])),
  );
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['disabled-by-default-devtools.timeline'],
      excludedCategories: ['*'],
      traceBufferSizeInKb: BUFFER_KB,
    },
  });
  return async () => {
    const ended = new Promise<void>((resolve) =>
      session.once('Tracing.tracingComplete', () => resolve()),
    );
    await session.send('Tracing.end');
    await ended;
    return millisOf(events).toSorted((one, other) => other - one);
  };
}

function millisOf(events: readonly TraceEvent[]): number[] {
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const isMain = ({ name, args }: TraceEvent) =>
    name === 'thread_name' && args.name === 'CrRendererMain';
  const mains = new Set(events.filter(isMain).map(threadOf));
  return events.flatMap((event) =>
    event.name === 'RunTask' && mains.has(threadOf(event)) && event.tdur !== undefined
      ? [event.tdur / 1e3]
      : [],
  );
}
