import { Module } from '@nestjs/common';
import type { DynamicModule, INestApplication, ModuleMetadata } from '@nestjs/common';
import { ApolloDriver } from '@nestjs/apollo';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { Test } from '@nestjs/testing';
import { TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';

/** The drivers, each on the platforms that it serves. */
export const SETUPS = ['apollo on express', 'apollo on fastify', 'mercurius on fastify'] as const;

export type Setup = (typeof SETUPS)[number];

/** What a client gets. */
export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** The client is in the same process. */
const SERVER_ONLY = { outgoing: false };

/** How an application is set up. */
export interface GraphqlSetup {
  /** Of `GraphQLModule`. */
  readonly graphql?: Readonly<Record<string, unknown>>;
  readonly tracing?: TracingModuleOptions | false;
  readonly providers?: ModuleMetadata['providers'];
}

/** An application with a GraphQL schema, and its client. */
export class GraphqlApp {
  private constructor(
    readonly app: INestApplication,
    readonly url: string,
    /** What was warned of. */
    readonly said: readonly string[],
  ) {}

  static async start(setup: Setup, options: GraphqlSetup): Promise<GraphqlApp> {
    const { graphql = {}, tracing = {}, providers = [] } = options;
    @Module({
      imports: [
        graphqlModule(setup, graphql),
        ...(tracing === false
          ? []
          : [TracingModule.forRoot({ http: SERVER_ONLY, watchdog: false, ...tracing })]),
      ],
      providers,
    })
    class AppModule {}
    const said: string[] = [];
    const silent = () => undefined;
    const logger = { log: silent, error: silent, warn: (line: string) => void said.push(line) };
    const builder = Test.createTestingModule({ imports: [AppModule] }).setLogger(logger);
    const module = await builder.compile();
    const app = setup.endsWith('express')
      ? module.createNestApplication(new ExpressAdapter())
      : module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    await app.listen(0, '127.0.0.1');
    return new GraphqlApp(app, `${await app.getUrl()}/graphql`, said);
  }

  /** Sends one operation, or anything else. */
  async post<T = Answer>(body: unknown): Promise<T> {
    const response = await this.respond(body);
    return (await response.json()) as T;
  }

  respond(body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(this.url, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

function graphqlModule(setup: Setup, options: Readonly<Record<string, unknown>>): DynamicModule {
  const common = { autoSchemaFile: true, ...options };
  return setup.startsWith('apollo')
    ? GraphQLModule.forRoot<ApolloDriverConfig>({
        driver: ApolloDriver,
        allowBatchedHttpRequests: true,
        graphiql: false,
        ...common,
      })
    : GraphQLModule.forRoot<MercuriusDriverConfig>({
        driver: MercuriusDriver,
        allowBatchedQueries: true,
        ...common,
      });
}
