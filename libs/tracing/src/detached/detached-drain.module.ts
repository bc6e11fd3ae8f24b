import { Inject, Module } from '@nestjs/common';
import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
} from '@nestjs/common';
import type { DetachedDrain } from './detached-drain.js';
import { ServerEarlyClose } from './server-early-close.js';

/** The drains of the application's tracing modules, for the module whose hooks come early enough. */
export class DetachedDrains {
  readonly #drains: DetachedDrain[] = [];

  add(drain: DetachedDrain): void {
    this.#drains.push(drain);
  }

  /** How many tasks run or wait to run. */
  get unfinished(): number {
    return this.#drains.reduce((sum, drain) => sum + drain.unfinished, 0);
  }

  begin(): void {
    for (const drain of this.#drains) drain.begin();
  }

  async waitForPresent(): Promise<void> {
    await Promise.all(this.#drains.map((drain) => drain.waitForPresent()));
  }

  async finish(): Promise<void> {
    await Promise.all(this.#drains.map((drain) => drain.finish()));
  }
}

/**
 * Drains detached work before the application's global modules stop, those of databases among them:
 * Nest calls each shutdown hook of modules that are not global first, so this one is not.
 */
@Module({
  providers: [
    { provide: DetachedDrains, useFactory: () => new DetachedDrains() },
    ServerEarlyClose,
  ],
  exports: [DetachedDrains],
})
export class TracingDetachedDrainModule
  implements
    OnApplicationBootstrap,
    OnModuleDestroy,
    BeforeApplicationShutdown,
    OnApplicationShutdown
{
  readonly #drains: DetachedDrains;
  readonly #earlyClose: ServerEarlyClose;

  constructor(
    @Inject(DetachedDrains) drains: DetachedDrains,
    @Inject(ServerEarlyClose) earlyClose: ServerEarlyClose,
  ) {
    this.#drains = drains;
    this.#earlyClose = earlyClose;
  }

  onApplicationBootstrap(): void {
    this.#earlyClose.foretell();
  }

  onModuleDestroy(): void {
    this.#drains.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#earlyClose.tellIfClosed(this.#drains.unfinished);
    await this.#drains.waitForPresent();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#drains.finish();
  }
}
