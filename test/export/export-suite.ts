import { afterAll, afterEach, beforeAll } from 'vitest';
import { Certificates } from '../support/certificates.js';
import type { FaultCollector } from '../support/fault-collector.js';
import type { TracingApp } from '../support/tracing-app.js';

/** What a test about the way out puts in place; it is all taken away after the test. */
export interface ExportSuite {
  readonly certificates: Certificates;
  app: TracingApp;
  collector: FaultCollector;
  /** Takes environment variables back. */
  restore: () => void;
}

/** Makes certificates for a suite, and cleans up after each of its tests. */
export function useExportSuite(): ExportSuite {
  const suite = { restore: () => undefined } as unknown as {
    -readonly [Part in keyof ExportSuite]: ExportSuite[Part];
  };
  beforeAll(() => {
    suite.certificates = new Certificates();
  });
  afterAll(() => suite.certificates.remove());
  afterEach(async () => {
    suite.restore();
    suite.restore = () => undefined;
    await suite.app.close();
    await suite.collector.close();
  });
  return suite;
}
