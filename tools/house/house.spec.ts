import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runHouse } from './run-house.js';
import { FIXTURE_RULES, writePackage } from './testing/fixture-house.js';

describe('house', () => {
  const circle = { 'span/a.ts': "import './b.js';\n", 'span/b.ts': "import './a.js';\n" };

  it('exits 1 when a rule is broken, and says where', () => {
    const folder = writePackage(circle);
    const { status, stdout } = spawnSync('tsx', ['tools/house/house.ts', folder]);
    expect(status).toBe(1);
    expect(String(stdout)).toMatch(/✗ {2}import circles +1/);
    expect(String(stdout)).toContain(`${folder}/src/span/a.ts:1  span/a.ts → span/b.ts`);
  });

  it('exits 0 when none is', () => {
    const run = runHouse([writePackage({ 'span/a.ts': '' })], FIXTURE_RULES);
    expect(run.exitCode).toBe(0);
    expect(run.output).toMatch(/✓ {2}import circles +0/);
    expect(run.output).not.toContain('✗');
  });

  it('prints JSON', () => {
    const run = runHouse(['--json', writePackage(circle)], FIXTURE_RULES);
    expect(run.exitCode).toBe(1);
    const { figures, findings } = JSON.parse(run.output) as Record<string, object[]>;
    expect(figures).toContainEqual({
      name: 'import circles',
      value: 1,
      note: 'through 2 files',
      limit: 'none',
      broken: true,
    });
    expect(findings).toHaveLength(1);
  });

  it('says what to do where there is nothing to measure', () => {
    const folder = writePackage({ 'a.spec.ts': '' });
    expect(() => runHouse([folder], FIXTURE_RULES)).toThrow(/No TypeScript files in .*src: name a/);
  });

  it('does not pass over an import that it cannot follow', () => {
    const folder = writePackage({ 'span/a.ts': "import './gone.js';\n" });
    expect(() => runHouse([folder], FIXTURE_RULES)).toThrow(
      "span/a.ts imports './gone.js', which is no file of this package under src",
    );
  });
});
