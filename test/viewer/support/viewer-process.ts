import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { request, type RequestOptions } from 'node:http';

const MAIN = fileURLToPath(new URL('../../../dist/apps/viewer/main.js', import.meta.url));
const PATIENCE_MILLIS = 15_000;
const ARGS = ['--grpc-port', '0', '--http-port', '0', '--quiet', '50', '--rootless', '400'];

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

/** The built viewer as a process, with what it printed. */
export class ViewerProcess {
  output = '';
  errors = '';
  grpc = 0;
  http = 0;
  readonly #child: ChildProcess;

  private constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [MAIN, ...ARGS, ...args], { stdio: 'pipe', env });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.#child.stdin!.on('error', () => undefined);
  }

  static start(...args: string[]): Promise<ViewerProcess> {
    return ViewerProcess.startIn(process.env, ...args);
  }

  /** Starts it in another environment. */
  static async startIn(env: NodeJS.ProcessEnv, ...args: string[]): Promise<ViewerProcess> {
    const viewer = new ViewerProcess(args, env);
    const [, grpc, http] = await viewer.printed(/gRPC on (\d+), HTTP on (\d+)/);
    viewer.grpc = Number(grpc);
    viewer.http = Number(http);
    return viewer;
  }

  get stdin(): NodeJS.WritableStream {
    return this.#child.stdin!;
  }

  /** What the process holds in memory now, in MB. */
  get rssMegabytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  }

  /** The most it has ever held, in MB. */
  get peakMegabytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  }

  async printed(expected: RegExp | string, millis = PATIENCE_MILLIS): Promise<string[]> {
    const end = Date.now() + millis;
    for (;;) {
      const match = this.output.match(expected);
      if (match) return match;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null || Date.now() > end) {
        const tail = `${this.output.slice(-500)}\n${this.errors.slice(-500)}`;
        throw new Error(`The viewer (exit ${this.#child.exitCode}) did not print: ${tail}`);
      }
      await setTimeout(20);
    }
  }

  post(path: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
    const all = { 'content-type': 'application/json', ...headers };
    return this.send({ method: 'POST', path, headers: all }, body);
  }

  /** Sends a request; an answer that comes before the body was taken counts. */
  send(options: RequestOptions, body: string | Uint8Array = ''): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const sent = request({ host: '127.0.0.1', port: this.http, agent: false, ...options });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      );
    });
    sent.end(body);
    return promise;
  }

  async stats(): Promise<ViewerStats> {
    const { body } = await this.send({ path: '/stats' });
    return JSON.parse(body) as ViewerStats;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await exited;
  }
}

/** What `GET /stats` answers. */
export interface ViewerStats {
  readonly received: { requests: number; spans: number; logs: number };
  readonly refused: Record<string, number>;
  readonly dropped: Record<string, number>;
  readonly held: { traces: number; spans: number; logs: number };
}
