import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { TraceList } from '../../apps/viewer/src/wire/trace-list.interface.js';
import { codeBlocks } from '../docs/support/code-blocks.js';
import { pageAt } from '../docs/support/pages.js';
import { ViewerApi } from './support/viewer-api.js';
import { ViewerProcess } from './support/viewer-process.js';

const run = promisify(execFile);

it('the trace by hand of the README arrives', async () => {
  const blocks = codeBlocks(pageAt('apps/viewer/README.md'));
  const script = blocks.find(({ language }) => language === 'sh')!.lines.join('\n');
  const viewer = await ViewerProcess.start('--no-terminal');
  try {
    const here = script.replace('localhost:4318', `localhost:${viewer.http}`);
    expect((await run('sh', ['-c', here])).stdout).toBe('{}');
    const { id } = await new ViewerApi(viewer).get<TraceList>('/api/traces');
    const trace = await new ViewerApi(viewer).trace(id[0]!);
    expect(trace).toMatchObject({ name: 'hello', services: [{ name: 'curl' }] });
  } finally {
    await viewer.stop();
  }
});
