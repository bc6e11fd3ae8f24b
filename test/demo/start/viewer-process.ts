import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { failureOf, forkApp, stopChild } from '../../support/child-app.js';
import type { ReceivedTrace } from '../checks/received-trace.interface.js';

const VIEWER = new URL('../../../dist/apps/viewer/main.js', import.meta.url);
/** What tells the spans of the demo apart; their names say which table they asked. */
const SHOWN_ATTRIBUTES =
  'request.key,audit.key,db.shard,db.response.status_code,typeorm.transaction.outcome';

/** What the viewer sends to the process that forked it. */
type ViewerMessage =
  | { readonly type: 'listening'; readonly grpc: number; readonly http: number }
  | { readonly type: 'trace'; readonly trace: ReceivedTrace };

/** The viewer as a process: prints to our terminal and hands on every trace it printed. */
export class ViewerProcess {
  readonly #child;
  readonly #traces = new Map<string, ReceivedTrace>();
  #changed = Promise.withResolvers<void>();
  readonly failed: Promise<never>;
  readonly #listens = Promise.withResolvers<void>();

  constructor(grpcPort: number, httpPort: number) {
    const ports = ['--grpc-port', `${grpcPort}`, '--http-port', `${httpPort}`];
    const args = [...ports, '--attributes', SHOWN_ATTRIBUTES, '--traced-only'];
    this.#child = forkApp(VIEWER, args, {
      stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
    });
    this.failed = failureOf(this.#child, 'The viewer');
    this.#child.on('message', (message) => this.#take(message as ViewerMessage));
  }

  /** Every trace so far, each as it was last handed on. */
  get traces(): readonly ReceivedTrace[] {
    return [...this.#traces.values()];
  }

  /** Resolves once it listens. */
  async ready(): Promise<void> {
    await Promise.race([this.#listens.promise, this.failed]);
  }

  /** Resolves when the next trace has come. */
  changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** Gives it the log lines of several streams, line by line, to the end of them all. */
  readLogs(streams: readonly Readable[]): void {
    const { stdin } = this.#child;
    stdin?.on('error', () => {});
    let left = streams.length;
    for (const input of streams) {
      const lines = createInterface({ input });
      lines.on('line', (line) => stdin?.write(`${line}\n`));
      lines.on('close', () => (left -= 1) === 0 && stdin?.end());
    }
  }

  /** Lets it show what it still has and end. */
  stop(): Promise<void> {
    return stopChild(this.#child, () => this.#child.disconnect());
  }

  #take(message: ViewerMessage): void {
    if (message.type === 'listening') this.#listens.resolve();
    if (message.type !== 'trace') return;
    this.#traces.set(message.trace.traceId, message.trace);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
