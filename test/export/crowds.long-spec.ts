import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isSoak } from '../support/bound.js';
import { runToItsEnd } from '../support/ending-process.js';
import { FaultCollector } from '../support/fault-collector.js';
import { decodeSpans, resourceAttribute } from '../support/otlp-wire.js';
import { figure } from '../support/tracing-app.js';

vi.setConfig({ testTimeout: 60_000 });

const FILE = fileURLToPath(new URL('fixtures/crowd.mjs', import.meta.url));
/** One that ends by process.exit() and one by app.close(), or two of each. */
const MEMBERS = isSoak ? 4 : 2;

let collector: FaultCollector;
beforeEach(async () => {
  collector = await FaultCollector.start();
});
afterEach(() => collector.close());

/** The instances that sent spans of this name. */
function instancesOf(name: string): string[] {
  const requests = collector.requests.filter(({ body }) =>
    decodeSpans(body).some((span) => span.name === name),
  );
  const ids = requests.map(({ body }) => resourceAttribute(body, 'service.instance.id'));
  return [...new Set(ids.map(String))];
}

it.each(['cluster', 'fork', 'threads'])(
  'R20 by %s: every member has an identity and a connection of its own, and loses nothing',
  async (way) => {
    const options = { exitTimeoutMillis: 10_000 };
    const env = { MEMBERS: String(MEMBERS) };
    const plan = { way, endpoint: collector.url, file: FILE, options, env };
    const { code, output } = await runToItsEnd(plan);
    const names = ['lead', ...Array.from({ length: MEMBERS }, (_, member) => `member ${member}`)];
    const instances = names.map((name) => instancesOf(name));
    const arrived = collector.names.filter((name) => name !== 'lead').length;
    figure(
      `R20 ${way}: ${arrived} of ${MEMBERS * 1000} spans, ${new Set(instances.flat()).size} of ` +
        `${MEMBERS + 1} identities, ${collector.connections} connections`,
    );
    expect(output).toContain(JSON.stringify({ codes: Array.from({ length: MEMBERS }, () => 0) }));
    expect(output).not.toMatch(/WARN|ERROR/);
    expect(code).toBe(0);
    expect(collector.received).toBe(MEMBERS * 1000 + 1);
    expect(instances.map((ids) => ids.length)).toEqual(names.map(() => 1));
    expect(new Set(instances.flat()).size).toBe(MEMBERS + 1);
    expect(collector.connections).toBeGreaterThanOrEqual(MEMBERS + 1);
  },
);
