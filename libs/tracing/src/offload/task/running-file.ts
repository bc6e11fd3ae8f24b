import { realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as util from 'node:util';

/** How far up the file is looked for: a task may be defined by functions of the application. */
const FRAMES = 32;

/** Above this function and `defineTask()`. */
const CALLER = 2;

/** Not in every runtime that calls itself Node. */
const { getCallSites } = util as Partial<Pick<typeof util, 'getCallSites'>>;

/**
 * Returns the file that runs where a task says that it is in another one, as a bundler makes it say
 * that writes the place of the source into the bundle. Undefined if the task's file is among those
 * that run now, or if that cannot be told, as of code that is evaluated.
 *
 * To be called by `defineTask()` itself.
 *
 * @param file URL of the file that the task says it is in
 */
export function runsInsteadOf(file: string): string | undefined {
  // Without source maps: they would name the source, too.
  const scripts = getCallSites?.(FRAMES, { sourceMap: false }).map(({ scriptName }) => scriptName);
  const paths = scripts?.filter((script) => !script.startsWith('node:')).map(pathOf);
  const caller = paths?.[CALLER];
  const said = pathOf(file);
  if (paths === undefined || caller === undefined || said === undefined) return undefined;
  if (paths.includes(undefined) || paths.includes(said)) return undefined;
  if (paths.some((path) => realPath(path as string) === realPath(said))) return undefined;
  return caller;
}

/** Of a file's URL or path; undefined for what is no file, such as evaluated code. */
function pathOf(script: string): string | undefined {
  if (isAbsolute(script)) return script;
  return script.startsWith('file:') ? fileURLToPath(script) : undefined;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // it is not there
  }
}
