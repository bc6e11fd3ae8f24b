import { Test } from '@nestjs/testing';
import { SpanRecorder, TracingTestingModule } from 'nestjs-tracing/testing';
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../apps/viewer/src/options.js';
import { HttpReceiver } from '../../../apps/viewer/src/receiving/http-receiver.js';
import { ViewerModule } from '../../../apps/viewer/src/viewer.module.js';

describe('the API of the viewer, under our own tracing', () => {
  it('has a span for each request, named by its route', async () => {
    const options = readOptions(['--port', '0', '--grpc-port', '0', '--no-terminal'], {})!;
    const imports = [TracingTestingModule.forRoot(), ViewerModule.forRoot(options)];
    const module = await Test.createTestingModule({ imports }).compile();
    const app = module.createNestApplication({ bodyParser: false });
    await app.init();
    try {
      const address = `http://127.0.0.1:${app.get(HttpReceiver).port}`;
      await fetch(`${address}/api/traces?q=x`);
      await fetch(`${address}/api/traces/${'0'.repeat(32)}`);
      const recorder = app.get(SpanRecorder);
      await expect
        .poll(() => recorder.finished.map(({ name }) => name))
        .toEqual(expect.arrayContaining(['GET /api/traces', 'GET /api/traces/:name']));
    } finally {
      await app.close();
    }
  });
});
