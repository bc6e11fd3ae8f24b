import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { AdoptedSdk } from './adopted-sdk.js';
import { checkStart } from './self-check.js';

const spans = recordSpans();
const root = mkdtempSync(join(tmpdir(), 'self-check-'));
afterAll(async () => {
  rmSync(root, { recursive: true });
  await spans.stop();
});

/** An application folder with its own copy of the API. */
function applicationWith(version: string): string {
  const application = join(root, version);
  const api = join(application, 'node_modules', '@opentelemetry', 'api');
  mkdirSync(api, { recursive: true });
  writeFileSync(join(application, 'package.json'), '{}');
  writeFileSync(join(api, 'package.json'), JSON.stringify({ version, main: 'index.js' }));
  writeFileSync(join(api, 'index.js'), '');
  return application;
}

describe('the self-check', () => {
  it("S4 names the application's copy of the API when it does not accept ours", () => {
    for (const version of ['1.99.0', '2.0.0']) {
      const [problem, ...others] = checkStart(new AdoptedSdk(), applicationWith(version));
      expect(others).toEqual([]);
      expect(problem).toMatch(
        new RegExp(`own copy of @opentelemetry/api \\(${version}, .*npm dedupe`),
      );
    }
  });

  it('S4 finds nothing wrong with an older copy, with none, and with ours', () => {
    expect(checkStart(new AdoptedSdk(), applicationWith('1.4.0'))).toEqual([]);
    expect(checkStart(new AdoptedSdk(), root)).toEqual([]);
    expect(checkStart(new AdoptedSdk())).toEqual([]);
  });
});
