import { expect, it } from 'vitest';
import { linesNamed, on } from './support/hosts.js';

it.each(['noLimit', 'ownStacks'])(
  'K13 names the line, and leaves stacks as they are: %s',
  async (how) => {
    const facts = await on(how);
    expect(linesNamed(facts)).toEqual([expect.any(Number)]);
    expect(facts.isUnchanged).toBe(true);
  },
);

it('K12 runs under --permission without workers and inspector, says so and tells how long', async () => {
  const flags = ['--permission', '--allow-fs-read=*', '--no-warnings'];
  const facts = await on('plain', { flags });
  expect(facts.atStart.filter((line) => line.includes('not by whom'))).toEqual([
    expect.stringContaining('worker threads are forbidden; start Node with --allow-worker'),
  ]);
  expect(facts.lines.join()).toMatch(
    /was blocked for \d+ ms, and who did it is not known: .* Open spans: "blocked"/,
  );
  expect(linesNamed(facts)).toEqual([]);
});

it('K16 watchdog: false leaves no thread, timer or global', async () => {
  const facts = await on('off');
  expect(facts).toMatchObject({ globals: 0, lines: [], watchdog: { isOn: false, pokes: 0 } });
});
