import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const DIST = new URL('../../dist/apps/demo/', import.meta.url).pathname;

/** One pino line of the demo. */
export interface DemoLogLine {
  readonly msg: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly key?: string;
  readonly shard?: number;
}

/** A built file of the demo as a process, on the embedded database; `npm run build` comes first. */
export class DemoProcess {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  #newLine = Promise.withResolvers<void>();

  constructor(file: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [`${DIST}${file}`, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#exit = once(this.#child, 'close');
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#add(line));
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
