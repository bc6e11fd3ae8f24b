import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** One pino line of the demo. */
export interface DemoLogLine {
  readonly msg: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly key?: string;
  readonly shard?: number;
}

/** The demo, or one of its services, as a process; `npm run build` comes first. */
export class DemoProcess {
  readonly lines: string[] = [];
  /** What it wrote to standard error so far. */
  errors = '';
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  #newLine = Promise.withResolvers<void>();

  private constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, args, {
      cwd: ROOT,
      // What is asserted of lines and attributes does not depend on how busy the machine is.
      env: { PATH: process.env['PATH'], NODE_ENV: 'test', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exit = once(this.#child, 'close');
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#add(line));
    this.#child.stderr!.setEncoding('utf8').on('data', (text) => (this.errors += text));
    this.#child.stderr!.pipe(process.stderr, { end: false });
  }

  /** Runs what `npm start` runs once all is built. */
  static start(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): DemoProcess {
    const script = ['--import', 'tsx', 'test/demo/start/main.ts', ...args];
    return new DemoProcess(script, { NODE_ENV: 'development', ...env });
  }

  /** Runs one service, by its built entry, on a port that is free. */
  static service(entry: string, env: NodeJS.ProcessEnv): DemoProcess {
    return new DemoProcess([`dist/apps/demo/${entry}`], { PORT: '0', ...env });
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** The log lines so far that are JSON objects. */
  get logs(): DemoLogLine[] {
    return this.lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as DemoLogLine);
  }

  /** Resolves with the URL at which the service listens, once it does. */
  async url(): Promise<string> {
    const [, url = ''] = await this.line(/listening on ([^"]+)/);
    return url;
  }

  /** Resolves with the match of the first line that matches, once it is there. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = this.lines.map((line) => pattern.exec(line)).find((found) => found);
      if (match) return match;
      await Promise.race([this.#newLine.promise, this.#ended(pattern)]);
    }
  }

  /** Sends the signal, if one is given, and waits for the end. */
  async end(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: string | null }> {
    if (signal) this.#child.kill(signal);
    const [code, by] = (await this.#exit) as [number | null, string | null];
    return { code, signal: by };
  }

  async #ended(pattern: RegExp): Promise<never> {
    await this.#exit;
    throw new Error(`It ended before a line matched ${pattern}:\n${this.lines.join('\n')}`);
  }

  #add(line: string): void {
    this.lines.push(line);
    this.#newLine.resolve();
    this.#newLine = Promise.withResolvers();
  }
}
