import { Inject, Module } from '@nestjs/common';
import type { NestModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ControllerExplorer } from './controller-explorer.js';

/** Looks at an application's controllers, and at what leaves them. */
@Module({
  imports: [DiscoveryModule],
  providers: [ControllerExplorer],
  exports: [ControllerExplorer],
})
export class TracingControllersModule implements NestModule {
  readonly #explorer: ControllerExplorer;

  constructor(@Inject(ControllerExplorer) explorer: ControllerExplorer) {
    this.#explorer = explorer;
  }

  /** Nest asks every module for its middleware when all filters are known and no route is made yet. */
  configure(): void {
    this.#explorer.observeExceptions();
  }
}
