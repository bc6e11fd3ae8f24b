import { Inject, Injectable } from '@nestjs/common';
import type { ExceptionFilter } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { observeWith } from '../../../entry/exception-observer.js';
import { guard } from '../../../span/guard.js';
import { GLOBAL_OBSERVER, HANDLER_OBSERVER } from './exception-observer.js';

/** Where `@Controller()` notes the hosts of its routes. */
const HOST_METADATA = 'host';
/** Where `@Get()` and the others note the path of a handler. */
const PATH_METADATA = 'path';

/** The way to the global filters: Nest injects nothing that knows them. */
interface ContainerOwner {
  readonly container?: { readonly applicationConfig?: GlobalFilters };
}

interface GlobalFilters {
  getGlobalFilters(): readonly ExceptionFilter[];
  addGlobalFilter(filter: ExceptionFilter): void;
}

/**
 * Looks at an application's controllers, and puts the observers of exceptions where Nest asks first:
 * last among the filters of each handler, as `@UseFilters()` would, and last among the global ones, for
 * middleware and for filters that throw. Must be called when every filter is known and no route is
 * made yet.
 */
@Injectable()
export class ControllerExplorer {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #moduleRef: ModuleRef;

  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(MetadataScanner) scanner: MetadataScanner,
    @Inject(ModuleRef) moduleRef: ModuleRef,
  ) {
    this.#discovery = discovery;
    this.#scanner = scanner;
    this.#moduleRef = moduleRef;
  }

  /** Puts the observers in place. */
  observeExceptions(): void {
    guard('observing global exceptions', () => this.#observeGlobally());
    for (const { metatype } of this.#discovery.getControllers()) {
      const prototype: unknown = metatype?.prototype;
      if (typeof prototype !== 'object' || prototype === null) continue;
      for (const method of this.#handlersOf(prototype)) observeWith(HANDLER_OBSERVER, method);
    }
  }

  /** Whether a route that matches may yet be refused for its host. */
  get bindsHosts(): boolean {
    return this.#discovery
      .getControllers()
      .some(({ metatype }) => metatype && Reflect.getMetadata(HOST_METADATA, metatype));
  }

  #handlersOf(prototype: object): object[] {
    return this.#scanner
      .getAllMethodNames(prototype)
      .map((name) => (prototype as Record<string, unknown>)[name])
      .filter((method): method is () => unknown => typeof method === 'function')
      .filter((method) => Reflect.hasMetadata(PATH_METADATA, method));
  }

  #observeGlobally(): void {
    const config = (this.#moduleRef as unknown as ContainerOwner).container?.applicationConfig;
    if (config?.getGlobalFilters().includes(GLOBAL_OBSERVER) !== false) return;
    config.addGlobalFilter(GLOBAL_OBSERVER);
  }
}
