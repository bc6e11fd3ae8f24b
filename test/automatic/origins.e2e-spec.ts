import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAutomatic } from './support/automatic-app.js';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('fixtures/forbidden-inspector.mjs', import.meta.url));

describe('whose a class is', () => {
  let spans: ReturnType<typeof recordSpans>;
  beforeEach(() => {
    spans = recordSpans();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await spans.stop();
  });

  it('AU1 touches no class of a library, but one that is named itself', async () => {
    class OwnReflector extends Reflector {
      own(): void {}
    }
    const bare = Object.getOwnPropertyDescriptors(Reflector.prototype);
    const provided = { providers: [Reflector, OwnReflector] };
    const all = await startAutomatic(provided);
    expect(Object.getOwnPropertyDescriptors(Reflector.prototype)).toEqual(bare);
    all.tracing.span('parent', () => {
      all.app.get(OwnReflector).own();
      all.app.get(OwnReflector).get('key', OwnReflector);
    });
    expect(spans.finished.map(({ name }) => name)).toEqual(['OwnReflector.own', 'parent']);
    await all.close();
    spans.reset();
    const named = await startAutomatic(provided, { autoTrace: { include: [Reflector] } });
    named.tracing.span('parent', () => named.app.get(Reflector).get('key', OwnReflector));
    expect(spans.finished.map(({ name }) => name)).toEqual(['Reflector.get', 'parent']);
    await named.close();
    expect(Object.getOwnPropertyDescriptors(Reflector.prototype)).toEqual(bare);
  });

  it('AU24 traces nothing that include does not name where there is no inspector, and says so', async () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    @Injectable()
    class Unknown {
      work(): void {}
    }
    const { app, tracing, lines, close } = await startAutomatic({ providers: [Unknown] });
    tracing.span('parent', () => app.get(Unknown).work());
    await close();
    expect(spans.finished.map(({ name }) => name)).toEqual(['parent']);
    expect(lines[0]).toMatch(
      /^warn: autoTrace cannot tell which classes are your own.*name your classes in autoTrace\.include/,
    );
  });

  it.each([
    ['all', ['parent'], 'Nothing is traced'],
    ['include', ['Named.work', 'parent'], 'Only what autoTrace.include names is traced'],
  ])('AU24 runs where Node forbids the inspector (%s)', async (mode, names, said) => {
    const flags = ['--permission', '--allow-fs-read=*', '--allow-worker', '--allow-addons'];
    const { stdout } = await run(process.execPath, [...flags, SCRIPT, mode]);
    const told = JSON.parse(stdout) as { names: string[]; lines: string[] };
    expect(told.names).toEqual(names);
    expect(told.lines).toHaveLength(1);
    expect(told.lines[0]).toContain(said);
  });
});
