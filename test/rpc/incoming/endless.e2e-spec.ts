import { Controller, Logger } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { ModulesContainer } from '@nestjs/core';
import { SpanStatusCode } from '@opentelemetry/api';
import { NEVER } from 'rxjs';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { CapturedLogger } from '../../support/captured-logger.js';
import { startRpcApp } from './support/rpc-app.js';
import { OnEvent } from './support/on-event.js';
import { tcp } from './support/transports.js';

const spans = recordSpans();
const logger = new CapturedLogger();

afterEach(() => {
  Logger.overrideLogger(false);
  logger.lines.length = 0;
  spans.reset();
});

afterAll(() => spans.stop());

@Controller()
class Slow {
  static release: () => void = () => undefined;

  @MessagePattern('never')
  never() {
    return NEVER;
  }

  @OnEvent('slow')
  async slow(): Promise<void> {
    await new Promise<void>((resolve) => {
      Slow.release = resolve;
    });
  }
}

const start = (tracing: TracingModuleOptions) =>
  startRpcApp(tcp, { controllers: [Slow], tracing, logger });

/** What the log says about spans that had not ended. */
const warnings = () => logger.lines.filter((line) => line.includes('had not ended'));

describe('M27 a handler that never ends', () => {
  it('is ended as abandoned when it is too old, and named in the log', async () => {
    const { client, close } = await start({
      microservices: { outgoing: false, incoming: { maxDurationMillis: 40 } },
    });
    client.send('never', {}).subscribe({ error: () => undefined });
    await vi.waitFor(() => expect(spans.named('never')).toHaveLength(1));
    const span = spans.one('never');
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes).toMatchObject({
      'async.task.outcome': 'abandoned',
      'error.type': 'abandoned',
    });
    expect(warnings()).toEqual([expect.stringMatching(/^warn: .*after 40 ms: "never"\.$/)]);
    await close();
    expect(spans.named('never')).toHaveLength(1);
  });

  it('is ended by the shutdown, inside its deadline', async () => {
    const { client, close } = await start({ shutdownTimeoutMillis: 300 });
    client.send('never', {}).subscribe({ error: () => undefined });
    await vi.waitFor(() => expect(spans.open).toHaveLength(1));
    const before = performance.now();
    await close();
    expect(performance.now() - before).toBeLessThan(3000);
    expect(spans.one('never').attributes['async.task.outcome']).toBe('abandoned');
    expect(warnings()).toHaveLength(1);
  });

  it('is waited for if it ends before that', async () => {
    const { client, close } = await start({ shutdownTimeoutMillis: 5000 });
    client.emit('slow', {}).subscribe();
    await vi.waitFor(() => expect(spans.open).toHaveLength(1));
    const closed = close();
    setTimeout(() => Slow.release(), 20);
    await closed;
    expect(spans.one('process slow').status.code).toBe(SpanStatusCode.UNSET);
    expect(warnings()).toEqual([]);
  });
});

describe('a Nest that does not tell of its servers', () => {
  it('is told so once, with the version that does', async () => {
    const { prototype } = ModulesContainer;
    const tells = Object.getOwnPropertyDescriptor(prototype, 'getRpcTargetRegistry');
    Object.defineProperty(prototype, 'getRpcTargetRegistry', {
      value: undefined,
      configurable: true,
    });
    try {
      const { close } = await start({});
      const said = logger.lines.filter((line) => line.includes('Messages that come in'));
      expect(said).toEqual([expect.stringContaining('11.1.4')]);
      await close();
    } finally {
      Object.defineProperty(prototype, 'getRpcTargetRegistry', tells ?? {});
    }
  });
});
