import { fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { span, traces } from './support/messages.js';

const MAIN = fileURLToPath(new URL('../../dist/apps/viewer/main.js', import.meta.url));
const ARGS = ['--grpc-port', '0', '--http-port', '0', '--quiet', '50'];

async function post(port: number, name: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: traces(span({ name })) };
  return (await fetch(`http://127.0.0.1:${port}/v1/traces`, init)).status;
}

describe('the processes around the viewer', () => {
  it('goes on when the process that forked it reads JSON only', async () => {
    const child = fork(MAIN, ARGS, { silent: true });
    try {
      const { http } = await new Promise<{ http: number }>((resolve) =>
        child.once('message', resolve),
      );
      let output = '';
      let errors = '';
      child.stdout!.on('data', (text: Buffer) => (output += text.toString()));
      child.stderr!.on('data', (text: Buffer) => (errors += text.toString()));
      for (const name of ['first', 'second']) {
        expect(await post(http, name)).toBe(200);
        await expect.poll(() => output).toContain(name);
      }
      expect(errors.match(/serialization: 'advanced'/g)).toHaveLength(1);
    } finally {
      child.kill();
    }
  });

  it.each([
    ['ends', 'exec', true],
    ['goes on', 'run-script', false],
  ])('%s when the shell of npm %s is gone', async (_, command, isToEnd) => {
    const script = '"$0" "$@" & echo pid $!; wait';
    const env = { ...process.env, npm_command: command };
    const shell = spawn('sh', ['-c', script, process.execPath, MAIN, ...ARGS], { env });
    let output = '';
    shell.stdout.on('data', (text: Buffer) => (output += text.toString()));
    await expect.poll(() => output, { timeout: 15_000 }).toMatch(/HTTP on \d+/);
    const port = Number(/HTTP on (\d+)/.exec(output)![1]);
    const exited = new Promise((resolve) => shell.once('exit', resolve));
    shell.kill('SIGKILL');
    await exited;
    const answers = () => post(port, 'still there').catch(() => 0);
    try {
      if (isToEnd) await expect.poll(answers, { timeout: 10_000 }).toBe(0);
      // Twice the time in which it would have looked.
      const until = Date.now() + (isToEnd ? 0 : 1_000);
      while (Date.now() < until) expect(await answers()).toBe(200);
    } finally {
      if (!isToEnd) process.kill(Number(/pid (\d+)/.exec(output)![1]));
    }
  });

  it('ends in order when nobody reads its output any more', async () => {
    const child = spawn(process.execPath, [MAIN, ...ARGS], { stdio: 'pipe' });
    let errors = '';
    child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    const port = await new Promise<number>((resolve) => {
      let output = '';
      // Lines come in as many pieces as the system likes.
      child.stdout.on('data', (text: Buffer) => {
        const [, found] = /HTTP on (\d+)/.exec((output += text.toString())) ?? [];
        if (found !== undefined) resolve(Number(found));
      });
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.stdout.destroy();
    await post(port, 'unread');
    expect(await exited).toBe(0);
    expect(errors).toBe('');
  });
});
