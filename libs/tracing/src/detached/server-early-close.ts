import { Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { guard } from '../span/guard.js';
import { isObject } from '../span/is-object.js';

/** Nest's record of a module. It exports no name for it. */
type NestModuleRef = ModulesContainer extends Map<string, infer Module> ? Module : never;

const CURE = 'let it call your services instead of its own server';

const logger = new Logger('Detached');

/**
 * Says where a module closes the HTTP server in `onModuleDestroy`: detached work is waited for in
 * `beforeApplicationShutdown`, the first hook that Nest calls after those of every module.
 */
@Injectable()
export class ServerEarlyClose {
  readonly #modules: ModulesContainer;
  readonly #http: HttpAdapterHost;

  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(HttpAdapterHost) http: HttpAdapterHost,
  ) {
    this.#modules = modules;
    this.#http = http;
  }

  /** Says at the start that it will happen, if a module of the application is known for it. */
  foretell(): void {
    if (!this.#isForeseen()) return;
    logger.log(
      `GraphQLModule stops Apollo Server in onModuleDestroy, and so the HTTP server: detached work ` +
        `that is still running at a shutdown is waited for, but cannot ask this server any more; ${CURE}.`,
    );
  }

  /** Says at a shutdown that it has happened, if work is waited for. */
  tellIfClosed(unfinished: number): void {
    if (unfinished === 0 || !this.#http.listening || this.#isListening()) return;
    const work = unfinished === 1 ? '1 detached task' : `${unfinished} detached tasks`;
    logger.warn(
      `The HTTP server was closed before ${work} ended, by a module's onModuleDestroy or by its ` +
        `own close(): what asks this server now fails; ${CURE}, or close it in onApplicationShutdown.`,
    );
  }

  #isForeseen(): boolean {
    const found = guard('looking for Apollo Server', () =>
      [...this.#modules.values()].some(
        (module) => module.name === 'GraphQLModule' && holdsApolloServer(module),
      ),
    );
    return found ?? false;
  }

  #isListening(): boolean {
    const server: unknown = this.#http.httpAdapter.getHttpServer();
    return isObject(server) && (server as { listening?: unknown }).listening !== false;
  }
}

/** Whether one of its providers is the driver of an Apollo Server. No getter is run to see it. */
function holdsApolloServer(module: NestModuleRef): boolean {
  return [...module.providers.values()].some(({ instance }: { instance: unknown }) => {
    if (!isObject(instance)) return false;
    return isObject(Object.getOwnPropertyDescriptor(instance, 'apolloServer')?.value);
  });
}
