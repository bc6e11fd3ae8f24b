import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Mode, Turn, Wish } from './modes.js';

const CONTRIB = new URL('./contrib.js', import.meta.url).href;
/** Traces alone are compared. */
const ENVIRONMENT = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };

/** A client and a server that talk, in a process of their own. */
export class Conversation {
  readonly mode: Mode;
  readonly #child: ChildProcess;
  /** Rejects when it has ended; what it wrote is on this process's own output. */
  readonly #ended: Promise<never>;

  private constructor(mode: Mode, child: ChildProcess) {
    this.mode = mode;
    this.#child = child;
    this.#ended = once(child, 'exit').then(([code]: unknown[]) => {
      throw new Error(`The conversation (${mode}) ended with code ${String(code)}.`);
    });
    this.#ended.catch(() => undefined);
  }

  /**
   * @param subject the folder of this bench whose process talks
   * @param over what it talks over
   * @param receiver the URL of the collector
   */
  static async start(
    subject: string,
    over: string,
    mode: Mode,
    receiver: string,
  ): Promise<Conversation> {
    const child = fork(`${import.meta.dirname}/../${subject}/process.js`, [over, mode, receiver], {
      execArgv: mode === 'contrib' ? ['--import', CONTRIB] : [],
      env: { ...process.env, ...ENVIRONMENT },
    });
    const started = new Conversation(mode, child);
    await started.#answer();
    return started;
  }

  /** Has so many messages sent and answered. */
  async turn(messages: number): Promise<Turn> {
    this.#ask({ messages });
    return (await this.#answer()) as Turn;
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#ask('stop');
    await exit;
  }

  #ask(wish: Wish): void {
    this.#child.send(wish);
  }

  async #answer(): Promise<unknown> {
    const answered = new Promise((resolve) => void this.#child.once('message', resolve));
    return await Promise.race([answered, this.#ended]);
  }
}
