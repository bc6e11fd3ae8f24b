import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BullmqBackendOptions } from 'nestjs-tracing/bullmq';
import type { Offloading } from '../../offload/offloading.js';
import { startOffloading } from '../../offload/offloading.js';
import { bullmqBackend } from './built.js';
import type { HostProcess } from './host-process.js';
import { startHost } from './host-process.js';
import type { Meeting } from './redis.js';
import { clean, meeting } from './redis.js';

/** A caller here, hosts elsewhere, and everything they leave behind. */
export class Stage {
  readonly place: Meeting = meeting();
  readonly #hosts: HostProcess[] = [];
  readonly #callers: Offloading[] = [];
  #folder: string | undefined;
  #files = 0;

  /** Starts an application that offloads to the hosts of this stage. */
  async caller(
    options: Partial<BullmqBackendOptions> = {},
    module: Parameters<typeof startOffloading>[1] = {},
    recording: Parameters<typeof startOffloading>[2] = {},
  ): Promise<Offloading> {
    const backend = bullmqBackend({ ...this.place, ...options });
    const app = await startOffloading({ backend }, module, recording);
    this.#callers.push(app);
    return app;
  }

  /** Starts a host in a process of its own. */
  async host(options: object = {}, fixture?: 'host' | 'nest-host'): Promise<HostProcess> {
    const host = await startHost({ ...this.place, ...options }, fixture);
    this.#hosts.push(host);
    return host;
  }

  /** The path of a file that is not there yet. */
  async file(name: string): Promise<string> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'bullmq-'));
    this.#files += 1;
    return join(this.#folder, `${name}-${this.#files}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#callers.map((app) => app.close()));
    await Promise.all(this.#hosts.map((host) => host.end('SIGKILL')));
    await clean(this.place);
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true });
  }
}

/** Waits until a condition holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMillis = 10_000,
): Promise<void> {
  const end = performance.now() + timeoutMillis;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it took longer than ${timeoutMillis} ms`);
    await sleep(10);
  }
}

/** Waits until a file is there. */
export async function untilThere(file: string, timeoutMillis?: number): Promise<void> {
  const there = (): Promise<boolean> =>
    stat(file).then(
      () => true,
      () => false,
    );
  await until(there, timeoutMillis);
}
