import { expect, it } from 'vitest';
import { factsOf } from './support/fixture.js';
import { linesNamed, on } from './support/hosts.js';

it.each(['date', 'frozen'])(
  'K13 names the line, and finds the world as it was: %s',
  async (how) => {
    const facts = await on(how);
    expect(linesNamed(facts)).toEqual([expect.any(Number)]);
    expect(facts.isUnchanged).toBe(true);
  },
);

it('K3 names lines of the source with --enable-source-maps', async () => {
  const flags = ['--enable-source-maps'];
  const facts = await factsOf<{ file: string; line: number }>('compiled.mjs', [], { flags });
  expect(facts.file).toMatch(/fixtures\/source\.ts$/);
  expect([3, 4]).toContain(facts.line); // the loop's head or its body
});

it.each(['thread', 'noInspector'])(
  'K12 says once that nobody can ask, and tells how long: %s',
  async (how) => {
    const facts = await on(how);
    expect(facts.atStart.filter((line) => line.includes('not by whom'))).toHaveLength(1);
    expect(linesNamed(facts)).toEqual([]);
    expect(facts.lines.join()).toMatch(
      /was blocked for \d+ ms, and who did it is not known: .* Open spans: "blocked"/,
    );
  },
);

it('K11 names what blocks while a debugger may come: --inspect', async () => {
  const facts = await on('plain', { flags: ['--inspect=0'] });
  expect(linesNamed(facts)).toEqual([expect.any(Number)]);
});

it('names what blocks a worker of a cluster', async () => {
  expect(linesNamed(await on('cluster'))).toEqual([expect.any(Number)]);
});

it('K16 OTEL_SDK_DISABLED leaves no thread, timer or global', async () => {
  const facts = await on('off', { env: { OTEL_SDK_DISABLED: 'true' } });
  expect(facts).toMatchObject({ globals: 0, watchdog: { isOn: false, pokes: 0 } });
});
