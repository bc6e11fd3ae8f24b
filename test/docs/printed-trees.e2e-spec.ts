import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ViewerProcess } from '../viewer/support/viewer-process.js';
import { codeBlocks } from './support/code-blocks.js';
import { ExampleApplication } from './support/example-application.js';
import { exampleModules } from './support/example-modules.js';
import { pageAt } from './support/pages.js';

const PAGE = 'docs/getting-started.md';
/** As the page says. */
const SHOWN = 'order.id,error.type';

describe(`${PAGE}: what the viewer prints of the page's application`, () => {
  const blocks = codeBlocks(pageAt(PAGE));
  let viewer: ViewerProcess;
  let application: ExampleApplication;
  let address: string;

  beforeAll(async () => {
    application = new ExampleApplication(exampleModules(blocks));
    viewer = await ViewerProcess.start('--no-page', '--attributes', SHOWN);
    address = await application.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${viewer.grpc}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
  });

  afterAll(async () => {
    await application.stop();
    await viewer.stop();
  });

  it('is what the page shows', async () => {
    const paths = textOf(/^curl /).match(/(?<=localhost:3000)\S+/g) ?? [];
    expect(paths).toHaveLength(3);
    for (const path of paths) await fetch(address + path);
    const shown = textOf(/^trace /);
    const traces = shown.match(/^trace /gm)!.length;
    await expect
      .poll(() => viewer.output.match(/^trace /gm)?.length, { timeout: 15_000 })
      .toBe(traces);
    const printed = viewer.output.slice(viewer.output.indexOf('\ntrace ') + 1);
    expect(withoutMeasures(printed)).toBe(withoutMeasures(shown));
  });

  function textOf(start: RegExp): string {
    const found = blocks.find(({ lines }) => start.test(lines[0] ?? ''));
    return found!.lines.join('\n');
  }
});

/** Ids and durations differ from one run to the next. */
function withoutMeasures(text: string): string {
  return text
    .replaceAll(/^trace [0-9a-f]{32}/gm, 'trace <id>')
    .replaceAll(/\d+(\.\d+)? (ms|µs|s)\b/g, '<duration>')
    .trim();
}
