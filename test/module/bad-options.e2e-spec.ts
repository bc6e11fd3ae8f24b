import { Injectable, Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it } from 'vitest';
import { Traced, TracingConfigurationError, TracingModule, TracingService } from 'nestjs-tracing';
import { CapturedLogger } from '../support/captured-logger.js';
import { setEnvironment } from '../support/environment.js';

@Injectable()
class Cats {
  @Traced()
  feed(): string {
    return 'fed';
  }
}

let restore = (): void => undefined;
const opened: INestApplicationContext[] = [];
afterEach(async () => {
  restore();
  restore = () => undefined;
  for (const app of opened.splice(0)) await app.close();
});

const SECRET = 'Bearer s3cr3t\n';

/** What is given, and the one line that must answer it. */
const wrong: [string, Record<string, unknown>, RegExp][] = [
  [
    'an unknown option',
    { servicename: 'a' },
    /servicename: there is no such option; did you mean "serviceName"\?/,
  ],
  [
    'an option nobody could mean',
    { colour: 1 },
    /colour: there is no such option; known are serviceName, resource/,
  ],
  [
    'an unknown batch setting',
    { batch: { maxQueSize: 1 } },
    /batch\.maxQueSize: .*did you mean "maxQueueSize"\?/,
  ],
  [
    'automatic spans by a number',
    { autoTrace: 1 },
    /autoTrace: write true, false, or an object of options/,
  ],
  [
    'a selector that names nothing',
    { autoTrace: { include: [''] } },
    /autoTrace\.include: write a list of classes, modules, tokens and patterns/,
  ],
  [
    'a selector that is no list',
    { autoTrace: { exclude: /a/ } },
    /autoTrace\.exclude: write a list of classes, modules, tokens and patterns/,
  ],
  [
    'a negative duration of automatic spans',
    { autoTrace: { minDurationMillis: -1 } },
    /autoTrace\.minDurationMillis: write a number of milliseconds/,
  ],
  [
    'an unknown option of automatic spans',
    { autoTrace: { enhancer: true } },
    /autoTrace\.enhancer: .*did you mean "enhancers"/,
  ],
  [
    'a negative batch size',
    { batch: { maxExportBatchSize: -1 } },
    /batch\.maxExportBatchSize: write a number above 0/,
  ],
  [
    'a fraction of a span',
    { batch: { maxQueueSize: 1.5 } },
    /batch\.maxQueueSize: write a whole number/,
  ],
  [
    'a batch larger than the queue',
    { batch: { maxExportBatchSize: 9, maxQueueSize: 8 } },
    /batch\.maxExportBatchSize: 9 is more than batch\.maxQueueSize, which is 8/,
  ],
  [
    'a budget of no span',
    { spanBudget: { perTrace: 0 } },
    /spanBudget\.perTrace: write a whole number above 0, or Infinity/,
  ],
  [
    'a hard limit below the budget',
    { spanBudget: { perTrace: 100, hardLimit: 50 } },
    /spanBudget\.hardLimit: 50 is less than spanBudget\.perTrace, which is 100: write a larger limit/,
  ],
  [
    'a budget of traces by another name',
    { spanBudget: { pertrace: 100 } },
    /spanBudget\.pertrace: .*did you mean "perTrace"\?/,
  ],
  [
    'a heap that no worker starts with',
    { offload: { resourceLimits: { maxOldGenerationSizeMb: 8 } } },
    /offload\.resourceLimits\.maxOldGenerationSizeMb: write a number of megabytes, 16 or more/,
  ],
  [
    'a stack that no worker starts with',
    { offload: { resourceLimits: { stackSizeMb: 0.1 } } },
    /offload\.resourceLimits\.stackSizeMb: write a number of megabytes, 0\.5 or more/,
  ],
  [
    'an unknown limit of workers',
    { offload: { resourceLimits: { maxOldGenerationSize: 64 } } },
    /offload\.resourceLimits\.maxOldGenerationSize: .*did you mean "maxOldGenerationSizeMb"\?/,
  ],
  [
    'a malformed endpoint',
    { endpoint: 'localhost' },
    /endpoint: write a URL with http:\/\/ or https:\/\//,
  ],
  [
    'an endpoint of another protocol',
    { endpoint: 'ftp://a' },
    /endpoint: write a URL with http:\/\/ or https:\/\//,
  ],
  [
    'a malformed header name',
    { headers: { 'bad name': 'x' } },
    /headers\.bad name: is no header name/,
  ],
  [
    'a malformed header value',
    { headers: { authorization: SECRET } },
    /headers\.authorization: its value holds characters/,
  ],
  [
    'an unknown exporter',
    { exporter: 'jaeger' },
    /exporter: write "otlp-grpc", "otlp-http", "console", "none"/,
  ],
  ['an unknown compression', { compression: 'zip' }, /compression: write "gzip" or "none"/],
  ['a ratio above 1', { sampler: { ratio: 2 } }, /sampler\.ratio: write a number from 0 to 1/],
  [
    'a negative deadline',
    { shutdownTimeoutMillis: -1 },
    /shutdownTimeoutMillis: write a number of milliseconds, 0 or more/,
  ],
  ['a policy that is no function', { errors: 'none' }, /errors: write a function/],
  [
    'an option of the module, misspelt',
    { isglobal: true },
    /isglobal: there is no such option; did you mean "isGlobal"\?/,
  ],
  [
    'an option nobody could mean, beside what the module itself reads',
    { colour: 1 },
    /known are .*, isGlobal$/,
  ],
  [
    'several wrong options',
    { colour: 1, batch: { maxQueueSize: 0 }, microservices: { incoming: { trust: 'some' } } },
    /(?=.*colour: )(?=.*batch\.maxQueueSize: )(?=.*microservices\.incoming\.trust: )/,
  ],
  ['an empty name', { serviceName: '' }, /serviceName: write a text that is not empty/],
  [
    'SR5 a rule without a ratio',
    { sampler: { rules: [{ route: '/a', ratio: 1 }, { route: '/b' }] } },
    /sampler\.rules\[1\]\.ratio: write a number from 0 to 1/,
  ],
  [
    'SR5 a rule for nothing',
    { sampler: { rules: [{ ratio: 1 }] } },
    /sampler\.rules\[0\]: say what it is for: exactly one of route, pattern, grpc/,
  ],
  [
    'SR5 a rule for two things',
    { sampler: { rules: [{ route: '/a', event: 'b', ratio: 1 }] } },
    /sampler\.rules\[0\]: say what it is for: exactly one/,
  ],
  [
    'SR5 a route without its slash',
    { sampler: { rules: [{ route: 'health', ratio: 1 }] } },
    /sampler\.rules\[0\]\.route: begin with a slash/,
  ],
  [
    'SR5 a service of gRPC without its method',
    { sampler: { rules: [{ grpc: 'Orders', ratio: 1 }] } },
    /sampler\.rules\[0\]\.grpc: write package\.Service\/Method/,
  ],
  [
    'SR5 a method of a message',
    { sampler: { rules: [{ pattern: 'a', method: 'GET', ratio: 1 }] } },
    /sampler\.rules\[0\]: leave "method" out, or say of which route/,
  ],
  [
    'SR5 a method in small letters',
    { sampler: { rules: [{ route: '/a', method: 'get', ratio: 1 }] } },
    /sampler\.rules\[0\]\.method: write a method of HTTP in capitals/,
  ],
  [
    'SR5 a type of operation that is none',
    { sampler: { rules: [{ graphql: 'Query', ratio: 1 }] } },
    /sampler\.rules\[0\]\.graphql: write "query", "mutation" or "subscription"/,
  ],
  [
    'SR5 a rule with a field that is none',
    { sampler: { rules: [{ route: '/a', ratio: 1, overrides: true }] } },
    /sampler\.rules\[0\]\.overrides: .*did you mean "override"\?/,
  ],
  [
    'SR5 rules that are no list',
    { sampler: { rules: { route: '/a', ratio: 1 } } },
    /sampler\.rules: write a list of rules/,
  ],
  [
    'a threshold that fails two checks',
    { watchdog: { thresholdMillis: -100 } },
    /watchdog\.thresholdMillis: write a number of milliseconds, 20 or more$/,
  ],
  [
    'an empty route',
    { sampler: { rules: [{ route: '', ratio: 1 }] } },
    /sampler\.rules\[0\]\.route: write a text that is not empty, or leave it out$/,
  ],
  ['a sampler that is none', { sampler: 'half' }, /sampler: write \{ ratio: 0\.1 \}/],
];

const wrongVariables: [Record<string, string>, RegExp][] = [
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'not a url' }, /OTEL_EXPORTER_OTLP_ENDPOINT: write a URL/],
  [
    { OTEL_EXPORTER_OTLP_HEADERS: 'no-value' },
    /OTEL_EXPORTER_OTLP_HEADERS: write it as key1=value1,key2=value2/,
  ],
  [
    { OTEL_EXPORTER_OTLP_COMPRESSION: 'zip' },
    /OTEL_EXPORTER_OTLP_COMPRESSION: write "gzip" or "none"/,
  ],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /OTEL_TRACES_EXPORTER: "zipkin" is not supported/],
  [
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/thrift' },
    /OTEL_EXPORTER_OTLP_PROTOCOL: "http\/thrift" is not supported/,
  ],
];

async function start(options: object): Promise<{ app: INestApplicationContext; lines: string[] }> {
  @Module({ imports: [TracingModule.forRoot(options)], providers: [Cats] })
  class App {}
  const logger = new CapturedLogger();
  const app = await NestFactory.createApplicationContext(App, { logger, abortOnError: false });
  opened.push(app);
  return { app, lines: logger.about };
}

describe('a wrong option', () => {
  for (const [kind, options, answer] of wrong) {
    it(`is one clear error, and the application runs untraced: ${kind}`, async () => {
      const { app, lines } = await start(options);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^error: Tracing is off: /);
      expect(lines[0]).toMatch(answer);
      expect(lines[0]).not.toContain('s3cr3t');
      expect(app.get(Cats).feed()).toBe('fed');
      expect(app.get(TracingService).stats().spans.started).toBe(0);
    });
  }

  it('throws from forRoot if strict, as a typed error that names the option', () => {
    const wrongStrictly = (): unknown =>
      TracingModule.forRoot({ strict: true, batch: { maxQueueSize: 0 } });
    expect(wrongStrictly).toThrow(TracingConfigurationError);
    expect(wrongStrictly).toThrow(expect.objectContaining({ option: 'batch.maxQueueSize' }));
  });

  it('stops the start if strict and given by a factory', async () => {
    @Module({
      imports: [
        TracingModule.forRootAsync({ useFactory: () => ({ strict: true, endpoint: 'nowhere' }) }),
      ],
    })
    class App {}
    const starting = NestFactory.createApplicationContext(App, {
      logger: false,
      abortOnError: false,
    });
    await expect(starting).rejects.toThrow(/^endpoint: write a URL/);
  });

  it('is said where a factory answers what belongs beside it', async () => {
    const isGlobal = (): object => ({ strict: true, isGlobal: true });
    @Module({ imports: [TracingModule.forRootAsync({ useFactory: isGlobal })] })
    class App {}
    const options = { logger: false, abortOnError: false } as const;
    const starting = NestFactory.createApplicationContext(App, options);
    await expect(starting).rejects.toThrow(/^isGlobal: write it beside the factory/);
  });

  for (const [variables, answer] of wrongVariables) {
    it(`may be a variable: ${Object.keys(variables).join()}`, async () => {
      restore = setEnvironment(variables);
      const { lines } = await start({});
      expect(lines).toEqual([expect.stringMatching(answer)]);
    });
  }
});
