import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, Module } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { PLATFORMS, captureLog, serve } from './support/app.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Closes the HTTP server as `ApolloServerPluginDrainHttpServer` does. */
function closeServer({ httpAdapter }: HttpAdapterHost): Promise<void> {
  const server = httpAdapter.getHttpServer() as Server;
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Looks like `ApolloDriver` of `@nestjs/apollo`, whose server is there once it has started. */
@Injectable()
class ApolloLikeDriver {
  private apolloServer: { stop(): Promise<void> } | undefined;

  constructor(@Inject(HttpAdapterHost) readonly http: HttpAdapterHost) {}

  start(): void {
    this.apolloServer = { stop: () => closeServer(this.http) };
  }

  async stop(): Promise<void> {
    await this.apolloServer?.stop();
  }
}

@Module({ providers: [ApolloLikeDriver] })
class GraphQLModule implements OnModuleInit, OnModuleDestroy {
  constructor(@Inject(ApolloLikeDriver) readonly driver: ApolloLikeDriver) {}

  onModuleInit(): void {
    this.driver.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.driver.stop();
  }
}

/** Closes the server too, and nobody can know. */
@Module({})
class DrainingModule implements OnModuleDestroy {
  constructor(@Inject(HttpAdapterHost) readonly http: HttpAdapterHost) {}

  onModuleDestroy(): Promise<void> {
    return closeServer(this.http);
  }
}

function captureInfo(): string[] {
  const lines: string[] = [];
  vi.spyOn(Logger.prototype, 'log').mockImplementation((line: unknown) => {
    lines.push(String(line));
  });
  return lines;
}

const TRACING = TracingModule.forRoot({ exporter: 'none' });

describe.each(PLATFORMS)('a module that closes the HTTP server early, on %s', (platform) => {
  it('is named at the start, once, with the cure, if it is known for it', async () => {
    const lines = captureInfo();
    const { app } = await serve(platform, { imports: [TRACING, GraphQLModule] });
    const told = lines.filter((line) => line.startsWith('GraphQLModule stops'));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/onModuleDestroy.*cannot ask this server.*call your services/);
    await app.close();
  });

  it('leaves the work waited for, and one line says that the server is gone', async () => {
    const log = captureLog();
    const { app, url } = await serve(platform, { imports: [TRACING, DrainingModule] });
    const asked: string[] = [];
    const task = app.get(TracingService).detach('asks the server', async () => {
      await sleep(50);
      await fetch(url).catch(() => asked.push('refused'));
    });
    await app.close();
    await task.done;
    expect(asked).toEqual(['refused']);
    const told = log.filter(({ text }) => text.startsWith('The HTTP server was closed before'));
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringContaining('1 detached task ended'),
    ]);
  });

  it('is no news where no work is left', async () => {
    const log = captureLog();
    const { app } = await serve(platform, { imports: [TRACING, DrainingModule] });
    await app.close();
    expect(log).toEqual([]);
  });

  it('is not suspected of any other application', async () => {
    const lines = captureInfo();
    const log = captureLog();
    const { app } = await serve(platform, { imports: [TRACING] });
    app.get(TracingService).detach('task', () => sleep(30));
    await app.close();
    expect(lines.filter((line) => line.startsWith('GraphQLModule stops'))).toEqual([]);
    expect(log).toEqual([]);
  });
});
