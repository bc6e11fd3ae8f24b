import { beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from './support/code-blocks.js';
import {
  collectorProblems,
  isCollectorConfiguration,
  syntaxProblems,
} from './support/collector-problems.js';
import { exampleModules } from './support/example-modules.js';
import { userPages } from './support/pages.js';
import { typeProblems } from './support/type-problems.js';

const blocks = userPages().flatMap(codeBlocks);

/** The examples of a page that is made up. */
function examplesOf(path: string, ...lines: string[]) {
  return exampleModules(codeBlocks({ path, text: lines.join('\n') }));
}

function configuration(...lines: string[]) {
  const text = ['```yaml', ...lines, '```'].join('\n');
  const [block] = codeBlocks({ path: 'docs/made-up.md', text });
  if (block === undefined) throw new Error('there is no block');
  return block;
}

const WRONG = examplesOf(
  'docs/wrong.md',
  '# Made up',
  '```ts',
  "import { TracingModule } from 'nestjs-tracing';",
  "TracingModule.forRoot({ servicename: 'orders' });",
  '```',
  '<!-- continues -->',
  '```ts',
  'TracingModule.forRoot();',
  'TracingModule.forRoots();',
  '```',
  '```ts',
  'TracingModule.forRoot();',
  '```',
  '```ts',
  "import { Nothing } from './nothing.js';",
  'const text = ;',
  '```',
);
const NAMED = examplesOf(
  'docs/named.md',
  '```ts',
  '// seven.ts',
  'export const seven = 7;',
  '```',
  '```ts',
  "import { seven } from './seven.js';",
  'export const text: string = seven;',
  '```',
);

describe('the TypeScript of README and docs', () => {
  const modules = exampleModules(blocks);
  let problems: string[];
  // The library is read once for all of them: that is what takes time.
  beforeAll(() => {
    problems = typeProblems([...modules, ...WRONG, ...NAMED]);
  }, 120_000);
  const problemsOf = (page: string): string[] =>
    problems.filter((problem) => problem.startsWith(`${page}:`));

  it('compiles against the library, each block a module of its own', () => {
    expect(modules.length).toBeGreaterThan(30);
    const madeUp = [...problemsOf('docs/wrong.md'), ...problemsOf('docs/named.md')];
    expect(problems.filter((problem) => !madeUp.includes(problem))).toEqual([]);
  });

  it('is found wrong on its own line, in a block and in what continues it', () => {
    expect(problemsOf('docs/wrong.md')).toEqual([
      expect.stringMatching(/^docs\/wrong\.md:4: .*servicename/),
      expect.stringMatching(/^docs\/wrong\.md:9: .*forRoots/),
      expect.stringMatching(/^docs\/wrong\.md:12: Cannot find name 'TracingModule'/),
      expect.stringMatching(/^docs\/wrong\.md:16: Expression expected/),
      expect.stringMatching(/^docs\/wrong\.md:15: Cannot find module '\.\/nothing\.js'/),
    ]);
  });

  it('imports the blocks of its page that have a file name', () => {
    expect(problemsOf('docs/named.md')).toEqual([
      "docs/named.md:7: Type 'number' is not assignable to type 'string'.",
    ]);
  });

  it('has no block that never ends, and none that continues nothing', () => {
    const page = 'docs/made-up.md';
    expect(() => examplesOf(page, '```ts', 'const a = 1;')).toThrow(/made-up\.md:1: .*never ends/);
    expect(() => examplesOf(page, '<!-- continues -->', '```ts', '```')).toThrow(/no block before/);
  });
});

describe('the YAML of README and docs', () => {
  it('is YAML', () => {
    const written = blocks.filter(({ language }) => language === 'yaml');
    expect(written.length).toBeGreaterThan(0);
    expect(written.flatMap(syntaxProblems)).toEqual([]);
  });

  it('configures Collectors whose pipelines have all their components, and no others', () => {
    const configurations = blocks.filter(isCollectorConfiguration);
    expect(configurations.length).toBeGreaterThan(0);
    expect(configurations.flatMap(collectorProblems)).toEqual([]);
  });

  it('is found wrong where it is', () => {
    const broken = configuration('receivers:', '  otlp: {', 'service: ]');
    expect(syntaxProblems(broken)[0]).toMatch(/^docs\/made-up\.md:[345]: /);
    const incomplete = configuration(
      'receivers: { otlp: }',
      'processors: { batch: }',
      'service:',
      '  pipelines:',
      '    traces: { receivers: [otlp], processors: [tail_sampling], exporters: [] }',
    );
    expect(collectorProblems(incomplete)).toEqual([
      'docs/made-up.md:2: pipeline traces has no exporters',
      'docs/made-up.md:2: pipeline traces names tail_sampling, which processors does not define',
      'docs/made-up.md:2: processors defines batch, which no pipeline uses',
    ]);
    const misled = configuration(
      'receivers: { otlp: }',
      'processors:',
      '  tail_sampling:',
      '    policies:',
      '      - { name: slow, type: latency, probabilistic: { sampling_percentage: 10 } }',
      '      - { name: slow, type: slowness, slowness: {} }',
      'exporters: { debug: }',
      'service:',
      '  pipelines:',
      '    traces: { receivers: [otlp], processors: [tail_sampling], exporters: [debug] }',
    );
    expect(collectorProblems(misled)).toEqual([
      'docs/made-up.md:2: tail_sampling has two policies of one name',
      'docs/made-up.md:2: policy slow of tail_sampling has settings of probabilistic, not of latency',
      'docs/made-up.md:2: policy slow of tail_sampling has no name, or no type that is one',
    ]);
  });
});
