import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { failureOf, forkApp, stopChild } from '../../support/child-app.js';

const SERVICES = new URL('../../../dist/apps/demo/', import.meta.url);
const TETHER = new URL('./tether.ts', import.meta.url).href;

/** Which service, and where it listens and sends its spans. */
export interface ServiceOptions {
  readonly name: string;
  /** Its built entry, seen from that of the lookup service. */
  readonly entry: string;
  readonly port: number;
  readonly collectorPort: number;
  /** What else it is told. Default: nothing. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A service as a process, with what it starts itself; its log lines are a stream. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly failed: Promise<never>;
  readonly url: string;

  constructor(options: ServiceOptions) {
    this.url = `http://127.0.0.1:${options.port}`;
    this.#child = forkApp(new URL(options.entry, SERVICES), [], {
      execArgv: ['--import', TETHER],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, ...environment(options) },
    });
    this.failed = failureOf(this.#child, `The ${options.name} service`);
  }

  /** Its standard output: pino's JSON lines. */
  get lines(): Readable {
    return this.#child.stdout as Readable;
  }

  /** Resolves once it listens. */
  async ready(): Promise<void> {
    await Promise.race([this.#listening(), this.failed]);
  }

  /** Stops it as a deployment would, by SIGTERM, and waits for its end. */
  stop(): Promise<void> {
    return stopChild(this.#child, () => this.#child.kill('SIGTERM'));
  }

  #listening(): Promise<void> {
    return new Promise((resolve) => {
      createInterface({ input: this.lines }).on('line', (line) => {
        if (line.includes('listening on')) resolve();
      });
    });
  }
}

/** Spans leave twice a second, so that whoever watches need not wait. */
function environment({ port, collectorPort, env }: ServiceOptions): NodeJS.ProcessEnv {
  return {
    PORT: `${port}`,
    HOST: '127.0.0.1',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}`,
    OTEL_BSP_SCHEDULE_DELAY: '500',
    ...env,
  };
}
