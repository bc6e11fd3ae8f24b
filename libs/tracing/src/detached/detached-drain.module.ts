import { Inject, Module } from '@nestjs/common';
import type {
  BeforeApplicationShutdown,
  OnApplicationShutdown,
  OnModuleDestroy,
} from '@nestjs/common';
import type { DetachedDrain } from './detached-drain.js';

/** The drains of the application's tracing modules, for the module whose hooks come early enough. */
export class DetachedDrains {
  readonly #drains: DetachedDrain[] = [];

  add(drain: DetachedDrain): void {
    this.#drains.push(drain);
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
  providers: [{ provide: DetachedDrains, useFactory: () => new DetachedDrains() }],
  exports: [DetachedDrains],
})
export class DetachedDrainModule
  implements OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #drains: DetachedDrains;

  constructor(@Inject(DetachedDrains) drains: DetachedDrains) {
    this.#drains = drains;
  }

  onModuleDestroy(): void {
    this.#drains.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#drains.waitForPresent();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#drains.finish();
  }
}
