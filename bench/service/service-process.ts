import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Mode, ServiceStarted, ServiceUsage, Wish } from './modes.js';

/** What has to be loaded before the application, by mode. */
const PRELOADS: Partial<Record<Mode, string>> = {
  stock: 'stock',
  'stock + typeorm': 'stock',
  sentry: 'sentry',
};
/** Traces alone are compared. */
const ENVIRONMENT = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };

/**
 * V8 shrinks the heap of a process that has nothing to do for eight seconds, as each has while the others take
 * their turns, and the one that it meets needs its next turns to grow again. No service under load sees that.
 */
const KEEP_HEAP = '--no-memory-reducer';

/** The service, in a process of its own. `BENCH_NODE_OPTIONS` are options of Node's for it (`--cpu-prof`). */
export class ServiceProcess {
  readonly url: string;
  readonly nest: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { port, nest }: ServiceStarted) {
    this.#child = child;
    this.nest = nest;
    this.url = `http://127.0.0.1:${port}/orders`;
  }

  /**
   * @param folder where the compiled service is, beside the packages that it is to load
   * @param sink where spans are to go
   * @param flags further options of Node's
   */
  static async start(
    mode: Mode,
    folder: string,
    sink: string,
    flags: readonly string[] = [],
  ): Promise<ServiceProcess> {
    const options = (process.env['BENCH_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean);
    const preload = PRELOADS[mode];
    const imports =
      preload === undefined ? [] : ['--import', `${folder}/modes/${preload}.preload.js`];
    const child = fork(`${folder}/service.js`, [mode, sink], {
      execArgv: [KEEP_HEAP, ...options, ...imports, ...flags],
      env: { ...process.env, ...ENVIRONMENT },
    });
    return new ServiceProcess(child, await answer<ServiceStarted>(child));
  }

  /** Asks for something and answers, once it is done, what the service has used since `begin`. */
  ask(wish: Wish): Promise<ServiceUsage> {
    this.#child.send(wish);
    return answer(this.#child);
  }

  /** What it says next. */
  told<T>(): Promise<T> {
    return answer(this.#child);
  }

  /** Stops it; its last spans are sent. */
  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    await this.ask('stop');
    await exit;
  }
}

/** @throws Error if the process ends instead */
async function answer<T>(child: ChildProcess): Promise<T> {
  const stop = new AbortController();
  const { signal } = stop;
  const died = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} has ended with code ${code}.`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), died])) as [T];
    return message;
  } finally {
    died.catch(() => undefined);
    stop.abort();
  }
}
