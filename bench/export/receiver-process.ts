import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The receiver, in a process of its own. */
export class ReceiverProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** @param script what receives; by default, OTLP over gRPC */
  static async start(script = `${import.meta.dirname}/receiver.js`): Promise<ReceiverProcess> {
    const child = fork(script, [], { execArgv: [] });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new ReceiverProcess(child, port);
  }

  /** Spans that it has received so far. */
  async received(): Promise<number> {
    const answer = once(this.#child, 'message') as Promise<[{ received: number }]>;
    this.#child.send({});
    const [{ received }] = await answer;
    return received;
  }

  stop(): void {
    this.#child.kill();
  }
}
