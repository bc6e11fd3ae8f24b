import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { freePort } from '../../support/free-port.js';
import type { Service } from '../../support/services.js';
import { until } from './stage.js';

/** What a suite with a Redis of its own needs: the program, which may not be there. */
export function redisProgram(redis: RedisProcess | undefined): Service {
  return {
    name: 'program redis-server, for a server of its own',
    host: '127.0.0.1',
    port: redis?.port ?? 0,
    missing: redis === undefined ? 'it could not be started' : undefined,
  };
}

/** A Redis of a test's own, on a port of its own, that can go away and come back empty. */
export class RedisProcess {
  #process: ChildProcess | undefined;

  private constructor(readonly port: number) {}

  /** Undefined if there is no `redis-server` on this machine. */
  static async start(): Promise<RedisProcess | undefined> {
    const redis = new RedisProcess(await freePort());
    return (await redis.comeBack()) ? redis : undefined;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, unless it runs; false if that is impossible. */
  async comeBack(): Promise<boolean> {
    if (this.#running) return true;
    const args = ['--port', String(this.port), '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', args, { stdio: 'ignore' });
    const failed = once(child, 'error').then(() => false);
    this.#process = child;
    return Promise.race([failed, until(() => answers(this.port)).then(() => true)]);
  }

  get #running(): boolean {
    const { pid, exitCode, signalCode } = this.#process ?? {};
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** Ends it at once. */
  async goAway(): Promise<void> {
    if (!this.#running) return;
    const ended = once(this.#process!, 'exit');
    this.#process!.kill('SIGKILL');
    await ended;
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
