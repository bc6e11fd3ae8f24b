import { describe, expect, it } from 'vitest';
import { fixtureHouse } from '../testing/fixture-house.js';

describe('upward imports', () => {
  it('finds an import of a higher layer, be it of a type', () => {
    const { findings, figures } = fixtureHouse({
      'span/a.ts': "import type { G } from '../group/deep/g.js';\nlet g: G;\n",
      'group/deep/g.ts': 'export interface G {}\n',
    });
    expect(findings).toEqual([
      'upward import span/a.ts:1 imports group/deep/g.ts (span/ → group/, upward)',
    ]);
    expect(figures['upward imports']).toBe(1);
  });

  it('lets a folder import from itself and from lower layers', () => {
    const { findings } = fixtureHouse({
      'index.ts': "import './pino/p.js';\nimport './module.js';\n",
      'pino/p.ts': "import '../module.js';\nimport '../span/a.js';\n",
      'module.ts': "import './other.js';\nimport './sdk/s.js';\n",
      'other.ts': "import './group/g.js';\n",
      'sdk/s.ts': "import '../group/g.js';\n",
      'group/g.ts': "import './deep/h.js';\nimport '../span/a.js';\n",
      'group/deep/h.ts': '',
      'span/a.ts': "import '@opentelemetry/api';\n",
    });
    expect(findings).toEqual([]);
  });

  it('finds an import of a neighbour in the same layer', () => {
    const { findings } = fixtureHouse({
      'group/g.ts': "import '../detached/d.js';\n",
      'detached/d.ts': '',
    });
    expect(findings).toEqual([
      'upward import group/g.ts:1 imports detached/d.ts (group/ → detached/, neighbours in one layer)',
    ]);
  });

  it('finds an import by a place to which a layer is not known', () => {
    const { findings } = fixtureHouse({
      'testing/t.ts': "import '../sdk/s.js';\n",
      'pino/p.ts': "import '../sdk/s.js';\n",
      'sdk/s.ts': '',
    });
    expect(findings).toEqual([
      'upward import pino/p.ts:1 imports sdk/s.ts (pino/ → sdk/, known to *.ts, testing/ alone)',
    ]);
  });

  it('finds Nest in a layer that knows none', () => {
    const { findings } = fixtureHouse({
      'span/a.ts': "import type { Type } from '@nestjs/common';\nlet a: Type;\n",
      'group/g.ts': "import '@nestjs/common';\n",
    });
    expect(findings).toEqual([
      'upward import span/a.ts:1 imports @nestjs/common, and span/ knows no Nest',
    ]);
  });

  it('finds a folder that stands in no layer', () => {
    const { findings } = fixtureHouse({ 'attic/a.ts': '', 'attic/b.ts': '' });
    expect(findings).toEqual([
      'upward import attic/a.ts attic/ stands in no layer: name it in tools/house/layers.ts',
    ]);
  });

  it.each([
    ['span/', 'group/', []],
    ['span/a.ts', 'group/g.ts', ['group/deep/h.ts']],
    ['span/', 'group/deep/', ['group/g.ts']],
  ])('allows what is named with its reason: %s to %s', (from, to, left) => {
    const files = {
      'span/a.ts': "import '../group/g.js';\nimport '../group/deep/h.js';\n",
      'group/g.ts': '',
      'group/deep/h.ts': '',
    };
    const allowedImports = [{ from, to, reason: 'because' }];
    const { findings } = fixtureHouse(files, { allowedImports });
    expect(findings.map((finding) => /imports (\S+)/.exec(finding)?.[1])).toEqual(left);
  });

  it('finds an exception that excuses nothing', () => {
    const allowedImports = [{ from: 'span/', to: 'group/', reason: 'because' }];
    const { findings } = fixtureHouse({ 'span/a.ts': '', 'group/g.ts': '' }, { allowedImports });
    expect(findings).toEqual([
      "upward import tools/house/layers.ts no import needs { from: 'span/', to: 'group/' } any more: take it out",
    ]);
  });
});
