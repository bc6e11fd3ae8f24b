import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from './instrument-data-source.js';
import type { TypeOrmTracingOptions } from './typeorm-tracing.options.js';

/** Token of the options of `TracedTypeOrmModule.forDiscovery()`. */
export const DISCOVERY_OPTIONS = 'nestjs-tracing:typeorm-discovery-options';

const DATA_SOURCE = Symbol.for('DataSource');

/** Finds the DataSources among the application's providers and instruments them. */
@Injectable()
export class DataSourceExplorer implements OnModuleInit {
  readonly #discovery: DiscoveryService;
  readonly #options: TypeOrmTracingOptions;
  readonly #logger = new Logger('TracedTypeOrmModule');

  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(DISCOVERY_OPTIONS) options: TypeOrmTracingOptions,
  ) {
    this.#discovery = discovery;
    this.#options = options;
  }

  onModuleInit(): void {
    for (const { instance } of this.#discovery.getProviders()) {
      if (isDataSource(instance)) this.#instrument(instance);
    }
  }

  /** A DataSource that cannot be traced is reported; the application runs. */
  #instrument(dataSource: DataSource): void {
    try {
      instrumentDataSource(dataSource, this.#options);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`A DataSource is not traced: ${reason}`);
    }
  }
}

/** Told by TypeORM's own mark, so that a second copy of TypeORM counts too. */
function isDataSource(instance: unknown): instance is DataSource {
  if (typeof instance !== 'object' || instance === null) return false;
  try {
    return (instance as { '@instanceof'?: unknown })['@instanceof'] === DATA_SOURCE;
  } catch {
    return false; // A proxy that cannot be read outside of a request.
  }
}
