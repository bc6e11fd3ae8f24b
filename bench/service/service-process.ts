import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Mode, ServiceUsage, Wish } from './modes.js';

const STOCK = new URL('./stock.js', import.meta.url).href;
/** Traces alone are compared. */
const ENVIRONMENT = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };

/** The service, in a process of its own. `BENCH_NODE_OPTIONS` are options of Node's for it (`--cpu-prof`). */
export class ServiceProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}/orders`;
  }

  static async start(mode: Mode, receiver: string): Promise<ServiceProcess> {
    const options = (process.env['BENCH_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean);
    const child = fork(`${import.meta.dirname}/service.js`, [mode, receiver], {
      execArgv: [...options, ...(mode.startsWith('stock') ? ['--import', STOCK] : [])],
      env: { ...process.env, ...ENVIRONMENT },
    });
    return new ServiceProcess(child, (await answer<{ port: number }>(child)).port);
  }

  /** Asks for something and answers, once it is done, what the service has used so far. */
  ask(wish: Wish): Promise<ServiceUsage> {
    this.#child.send(wish);
    return answer(this.#child);
  }

  /** Stops it; its last spans are sent. */
  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    await this.ask('stop');
    await exit;
  }
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}
