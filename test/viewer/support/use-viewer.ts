import { afterAll, beforeAll } from 'vitest';
import { ViewerApi } from './viewer-api.js';
import { ViewerProcess } from './viewer-process.js';

/** A viewer for the tests of a suite, which prints no traces. It is there once they run. */
export function useViewer(): { readonly viewer: ViewerProcess; readonly api: ViewerApi } {
  let viewer: ViewerProcess;
  beforeAll(async () => {
    viewer = await ViewerProcess.start('--no-terminal');
  });
  afterAll(() => viewer.stop());
  return {
    get viewer() {
      return viewer;
    },
    get api() {
      return new ViewerApi(viewer);
    },
  };
}
