import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DemoProcess } from '../support/demo-process.js';

describe('npm start -- --once', () => {
  it('shows complete traces with their log lines and exits 0', async () => {
    const start = DemoProcess.start(['--once']);
    const end = await start.end();
    const output = start.lines.join('\n');
    expect(end, output).toEqual({ code: 0, signal: null });
    expect(output).toContain('every trace is complete');
    expect(output).toMatch(/^GET \S+\/lookup\/broken → 503 {2}\(as it should: /m);
    expect(output).toMatch(/^[│ ]*├─ query shards .* 3 tasks: 3 ok$/m);
    expect(output).toMatch(/^[│ ]*├─ queryShard .* UNSET {2}db\.shard=0$/m);
    expect(output).toMatch(/^[│ ]*[├└]─ • INFO {2}shard queried {2}shard=0 rows=1$/m);
    expect(output).toMatch(/^├─ ↪ linked to handle in trace [0-9a-f]{8}…$/m);
    expect(output).toMatch(/^[│ ]*└─ offload seal .* UNSET$/m);
    expect(output).toMatch(/^[│ ]*└─ task seal .* UNSET$/m);
    expect(output).toMatch(/^[│ ]*├─ stretch .* UNSET$/m);
    expect(output).toMatch(/^[│ ]*└─ • INFO {2}values sealed {2}key=user:42 values=3$/m);
    expect(output).toMatch(/^[│ ]*├─ query shards .* ERROR .* 3 tasks: 1 error, 2 cancelled$/m);
    expect(output).toMatch(/^[│ ]*├─ queryShard .* ERROR cancelled \(.*\) {2}db\.shard=0$/m);
    expect(output).toMatch(/^[│ ]*[├└]─ ! ShardUnavailableException: Shard 1 is/m);
    expect(output).toMatch(/^[├└]─ • INFO {2}request completed$/m);
    expect(output).toMatch(/^trace \S+( · (lookup|pricing)-demo){2} · 10 spans · 5 log lines/m);
    expect(output).toMatch(/^[│ ]*└─ GET \/prices\/:key {2}SERVER .* UNSET {2}⇄ pricing-demo$/m);
    expect(output).toMatch(/^[│ ]*[├└]─ • INFO {2}discount found {2}key=user:42$/m);
    expect(output).toMatch(/^[│ ]*├─ savepoint .* ERROR \(.*23505\) {2}.*outcome=rolled_back$/m);
    expect(output).toMatch(/^process lookup {2}CONSUMER .* UNSET$/m);
    expect(output).toMatch(/^├─ ↪ linked to connect LiveGateway in trace [0-9a-f]{8}…$/m);
    expect(output).toMatch(/^[│ ]*└─ ◦ slow query: \d+\.\d+ m?s$/m);
    expect(output).toMatch(/^[│ ]*└─ ◦ repeated query: 5 × SELECT "lookup_demo_entries"$/m);
  });

  it('exits 1 and names the service that could not start', async () => {
    const DATABASE_URL = 'postgres://postgres@127.0.0.1:1/postgres';
    const start = DemoProcess.start(['--once'], { DATABASE_URL });
    expect(await start.end()).toEqual({ code: 1, signal: null });
    expect(start.errors).toContain('The lookup service ended by itself (exit code 1).');
    expect(start.lines.join('\n')).not.toContain('every trace is complete');
  });
});

describe('npm start that is killed', () => {
  it('leaves no process behind', async () => {
    const start = DemoProcess.start();
    // Where to look comes before everything else that is started.
    await start.line(/^ {2}The traces are on a page: http:\/\/localhost:\d+$/);
    await start.line(/Ctrl-C stops everything/);
    const family = descendantsOf(start.pid);
    expect(family.length).toBeGreaterThanOrEqual(4);
    await start.end('SIGKILL');
    await expect.poll(() => family.filter(isAlive), { timeout: 15_000 }).toEqual([]);
  });
});

/** The processes that a process has started, and those that they have, as Linux tells them. */
function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const pids = children.split(' ').filter(Boolean).map(Number);
  return [...pids, ...pids.flatMap(descendantsOf)];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
