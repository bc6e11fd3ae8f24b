import { Controller, Get } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { diag } from '@opentelemetry/api';
import { TracingService } from 'nestjs-tracing';
import type { SamplingRuleOptions } from 'nestjs-tracing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HttpApp } from '../http/support/http-app.js';

/** Whatever path-to-regexp can read, with a path that it takes. */
const TEMPLATES = [
  ['/r/:a-:b', '/r/1-2'],
  ['/w/*a/end', '/w/x/y/end'],
  ['/s/*splat/tail/:id', '/s/x/y/tail/7'],
  ['/esc\\:x', '/esc:x'],
  ['/k/:"a b"', '/k/7'],
  ['/g/*a/to/*b', '/g/x/y/to/z'],
  ['/n{/:a}{/:b}{/:c}{/:d}{/:e}', '/n/1/2'],
  ['/f/:name.json', '/f/report.json'],
  ['/u/@:who', '/u/@ann'],
  ['/q{/:a}{/:b}', '/q/1/2'],
  ['/o{.:ext}', '/o.txt'],
  ['/w2/*a', '/w2/x/y'],
] as const;

@Controller()
class Templates {
  @Get(TEMPLATES.map(([template]) => template))
  any(): string {
    return 'any';
  }

  @Get('r/:only')
  single(): string {
    return 'single';
  }

  @Get('p/fixed-1')
  fixed(): string {
    return 'fixed';
  }

  @Get('p/:a-:b')
  pair(): string {
    return 'pair';
  }

  @Get('p/later-1')
  never(): string {
    return 'never';
  }
}

let app: HttpApp;
afterEach(() => app.close());

async function start(
  rules: readonly SamplingRuleOptions[],
  prepare: (nest: INestApplication) => void = () => undefined,
): Promise<void> {
  app = await HttpApp.start('express', {
    controllers: [Templates],
    prepare,
    tracing: { http: { outgoing: false }, sampler: { rules } },
  });
}

async function get(path: string): Promise<string> {
  const response = await fetch(`${app.url}${path}`);
  return response.text();
}

const sampledOut = () =>
  app.app
    .get(TracingService)
    .stats()
    .sampling.map((each) => each.sampledOut);

describe('rules by templates of every kind, on Express', () => {
  it('SR1 each is matched by a rule that has it word for word', async () => {
    await start(TEMPLATES.map(([route]) => ({ route, ratio: 0 })));
    for (const [, path] of TEMPLATES) expect(await get(path)).toBe('any');
    const counts = Object.fromEntries(TEMPLATES.map(([route], at) => [route, sampledOut()[at]]));
    expect(counts).toEqual(Object.fromEntries(TEMPLATES.map(([route]) => [route, 1])));
    await app.spans.noneOpen();
    expect(app.spans.finished).toEqual([]);
  });

  it('SR1 the route that a rule goes by is the one that the span has in the end', async () => {
    await start([{ route: '/*', ratio: 1 }]);
    for (const [template, path] of TEMPLATES) {
      await get(path);
      const root = await app.spans.one(`GET ${template}`);
      expect(app.spans.atStart.get(root.spanContext().spanId)).toMatchObject({
        'http.route': template,
        'sampling.rule': 'route /*',
      });
    }
  });

  it('SR2 the order of registration holds among templates of all kinds', async () => {
    await start(['/p/fixed-1', '/p/:a-:b', '/p/later-1'].map((route) => ({ route, ratio: 0 })));
    expect(await get('/p/fixed-1')).toBe('fixed');
    expect(await get('/p/later-1')).toBe('pair');
    expect(await get('/p/3-4/')).toBe('pair');
    expect(await get('/r/none')).toBe('single');
    expect(sampledOut()).toEqual([1, 2, 0, 0]);
  });

  it('SR2 a parameter that cannot be decoded is refused by Express, and sampled by its route', async () => {
    await start([{ route: '/r/:a-:b', ratio: 0 }]);
    const response = await fetch(`${app.url}/r/%-1`);
    expect(response.status).toBe(400);
    expect(sampledOut()).toEqual([1, 0]);
  });

  it('SR2 so is one in the path of a mount', async () => {
    const told = vi.spyOn(diag, 'error');
    const mount = (nest: INestApplication): void => {
      const answer = (_: unknown, response: { end(): void }) => response.end();
      Reflect.apply((nest as NestExpressApplication).use, nest, ['/m/:p', answer]);
    };
    await start([{ route: '/m/:p', ratio: 0 }], mount);
    const statuses = ['/m/7', '/m/%', '/m/%/below'].map(async (path) => {
      const { status } = await fetch(`${app.url}${path}`);
      return status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 400, 400]);
    expect(sampledOut()).toEqual([3, 0]);
    expect(told).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});
