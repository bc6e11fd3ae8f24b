import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runFixture } from './support/fixture.js';

/** What the fixture has been told of a stall, while it did nothing but wait. */
async function toldWhile(
  happens: (child: ChildProcess, said: () => string) => Promise<void>,
  flags: readonly string[] = [],
  way = 'paused',
): Promise<{ lines: string[]; stalls: number; stderr: string }> {
  const { code, stdout, stderr } = await runFixture('ending.mjs', [way], {
    flags,
    meanwhile: async (child, said) => {
      for (let waits = 0; waits < 600 && !said().includes('ready'); waits += 1) await sleep(20);
      await happens(child, said);
    },
  });
  expect(code, stderr).toBe(0);
  const facts = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    lines: string[];
    stalls: number;
  };
  return { ...facts, stderr };
}

/** The block by which the fixture has seen that it is watched is told of before. */
const ofTheWait = (lines: readonly string[]): string[] =>
  lines.filter((line) => !line.includes('"warm-up"'));

it('K11 takes a process that was stopped for no block', async () => {
  const { lines, stderr } = await toldWhile(async (child) => {
    await sleep(300);
    child.kill('SIGSTOP');
    await sleep(1500);
    child.kill('SIGCONT');
  });
  expect(ofTheWait(lines)).toEqual([]);
  expect(stderr).not.toContain('has been blocked');
});

it('K11 takes a machine that has no time for it for no block', async () => {
  const spinning = Array.from({ length: 4 }, () => spawn(process.execPath, ['-e', 'for (;;);']));
  try {
    const { lines } = await toldWhile(() => sleep(1500));
    expect(ofTheWait(lines)).toEqual([]);
  } finally {
    for (const child of spinning) child.kill('SIGKILL');
  }
});

it.runIf(process.platform === 'linux')(
  'K11 blames no span for a thread that alone has no processor',
  async () => {
    const { lines } = await toldWhile(
      async ({ pid = 0 }) => {
        const spinning = Array.from({ length: 4 }, () =>
          spawn(process.execPath, ['-e', 'for (;;);']),
        );
        setPriority(pid, constants.priority.PRIORITY_LOW); // of the main thread alone
        await sleep(2500);
        // To end, it may have the machine again.
        for (const child of spinning) child.kill('SIGKILL');
      },
      [],
      'working',
    );
    expect(ofTheWait(lines).filter((line) => line.includes('in span'))).toEqual([]);
  },
);

it('K11 takes a thread that a debugger in another thread holds for no block', async () => {
  const { lines, stderr } = await toldWhile(
    () => sleep(0),
    ['--import', new URL('fixtures/debugger.mjs', import.meta.url).href],
  );
  expect(stderr).toContain('paused and resumed');
  // That a debugger is switched on is work for the engine, and may take its time; the pause is longer.
  expect(lines.filter((line) => /blocked for \d{4,} ms/.test(line))).toEqual([]);
  expect(stderr).not.toContain('has been blocked');
});

/** Attaches a debugger by the port, and lets the program go on once it has been held for a while. */
async function debugFor(heldMillis: number, said: () => string): Promise<void> {
  const [url] = /ws:\S+/.exec(said()) ?? [];
  const socket = new WebSocket(url as string);
  const post = (method: string): void => socket.send(JSON.stringify({ id: 1, method }));
  await once(socket, 'open');
  post('Debugger.enable');
  for await (const [message] of on(socket, 'message') as AsyncIterable<[{ data: string }]>)
    if (message.data.includes('"Debugger.paused"')) break;
  await sleep(heldMillis);
  post('Debugger.resume');
  post('Debugger.disable');
  socket.close();
  await once(socket, 'close');
}

it('K11 takes a thread that waits at a breakpoint for no block', async () => {
  const { lines, stderr } = await toldWhile(
    (_child, said) => debugFor(1500, said),
    ['--inspect=0'],
    'breakpoint',
  );
  expect(lines.filter((line) => /blocked for \d{4,} ms/.test(line))).toEqual([]);
  expect(stderr).not.toContain('has been blocked');
});
