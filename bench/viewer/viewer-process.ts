import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../apps/viewer/main.js', import.meta.url));
const PATIENCE_MILLIS = 20_000;

/** The built viewer as a process of its own. */
export class ViewerProcess {
  readonly #child: ChildProcess;

  private constructor(
    child: ChildProcess,
    readonly port: number,
  ) {
    this.#child = child;
  }

  static async start(): Promise<ViewerProcess> {
    if (!existsSync(MAIN)) throw new Error('The viewer is not built: npm run build:apps');
    const args = ['--grpc-port', '0', '--port', '0', '--no-terminal'];
    const child = spawn(process.execPath, [MAIN, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new ViewerProcess(child, await portOf(child));
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the process holds in memory now, in MB. */
  get megabytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  }

  /** Milliseconds of a processor that its main thread has used. */
  get processorMillis(): number {
    const { pid } = this.#child;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  }

  async send(...bodies: string[]): Promise<void> {
    for (const body of bodies) await this.#post(body);
  }

  async #post(body: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${this.address}/v1/traces`, { method: 'POST', headers, body });
    if (status !== 200) throw new Error(`The viewer answered ${status}.`);
  }

  async remove(traceId: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await fetch(`${this.address}/api/traces/${traceId}`, { method: 'DELETE', headers });
  }

  /** How many spans it has taken and how many it has dropped since it started. */
  async counts(): Promise<{ received: number; dropped: number }> {
    const answer = await fetch(`${this.address}/stats`);
    const { received, dropped } = (await answer.json()) as {
      received: { spans: number };
      dropped: Record<string, number>;
    };
    const lost = Object.values(dropped).reduce((sum, each) => sum + each, 0);
    return { received: received.spans, dropped: lost };
  }

  stop(): void {
    this.#child.kill('SIGTERM');
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  let output = '';
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(
    () => reject(new Error(`The viewer did not start: ${output}`)),
    PATIENCE_MILLIS,
  );
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const port = /HTTP on (\d+)/.exec(output)?.[1];
    if (port !== undefined) resolve(Number(port));
  });
  return promise.finally(() => clearTimeout(timer));
}
