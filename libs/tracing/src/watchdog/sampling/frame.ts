import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallSiteObject } from 'node:util';
import { ownFolder } from '../../this-file.js';
import { callSites } from './call-sites.js';
import type { Capture } from './capture.js';
import { originalPosition } from './source-position.js';

/** Whose code a frame is of: the engine's, Node's, this package's, a library's, or the application's. */
type FrameOwner = 'engine' | 'node' | 'own' | 'library' | 'application';

/** One call of a stack. */
export interface Frame {
  readonly owner: FrameOwner;
  readonly name: string;
  /** A path; empty for what the engine has built in. */
  readonly file: string;
  readonly line: number;
  /**
   * Whether it may just have been called and have done nothing yet: V8 looks for interrupts at the head of
   * a function, where its parameters begin.
   */
  readonly isEntered: boolean;
}

const LONGEST_KEYWORDS = 'async function* ';

/** What was read before: a stack is asked for by every span that ends in its stall. */
export type FrameMemo = WeakMap<Capture, readonly Frame[]>;

/** The synchronous calls of a stack, the innermost first; what awaits them is not on it. */
export function framesOf(stack: Capture, memo: FrameMemo): readonly Frame[] {
  const known = memo.get(stack);
  if (known !== undefined) return known;
  const frames = readFrames(stack);
  memo.set(stack, frames);
  return frames;
}

function readFrames(stack: Capture): readonly Frame[] {
  if (Array.isArray(stack)) return (stack as CallSiteObject[]).map(fromObject);
  // The outermost but for what is asked about is the text that was evaluated.
  return callSites(stack as { stack?: unknown })
    .slice(1)
    .filter((site) => !site.isAsync() && !site.isPromiseAll())
    .map(fromCallSite);
}

/** As in the stack of an error: `name (file:line)`. */
export function showFrame({ name, file, line }: Frame): string {
  return file === '' ? `${name} (<anonymous>)` : `${name} (${file}:${line})`;
}

function fromCallSite(site: NodeJS.CallSite): Frame {
  const script = site.getFileName() ?? '';
  const position = { line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 };
  const { file, line } = originalPosition(pathOf(script), position);
  const isEntered = isAtHead(site, position);
  return { owner: ownerOf(script), name: nameOf(site), file, line, isEntered };
}

/** The parameters are behind the name and what stands in front of it, as far as can be known. */
function isAtHead(
  site: NodeJS.CallSite,
  { line, column }: { line: number; column: number },
): boolean {
  const [headLine, headColumn] = [site.getEnclosingLineNumber(), site.getEnclosingColumnNumber()];
  if (headLine !== line) return false;
  const name = site.getFunctionName() ?? '';
  return column - (headColumn ?? 0) <= LONGEST_KEYWORDS.length + name.length;
}

function fromObject({ functionName, scriptName, lineNumber, columnNumber }: CallSiteObject): Frame {
  const position = { line: lineNumber, column: columnNumber };
  const { file, line } = originalPosition(pathOf(scriptName), position);
  const name = functionName || '<anonymous>';
  return { owner: ownerOf(scriptName), name, file, line, isEntered: true };
}

function nameOf(site: NodeJS.CallSite): string {
  const name = site.getFunctionName();
  if (name === null || name === '') return site.getMethodName() ?? '<anonymous>';
  const type = site.isToplevel() ? null : site.getTypeName();
  const isQualified = type === null || type === 'Object' || name.startsWith(`${type}.`);
  return isQualified ? name : `${type}.${name}`;
}

function ownerOf(script: string): FrameOwner {
  if (script === '') return 'engine';
  if (script.startsWith('node:')) return 'node';
  const file = pathOf(script);
  if (OWN_FOLDER !== undefined && file.startsWith(OWN_FOLDER)) return 'own';
  return file.includes(`${sep}node_modules${sep}`) ? 'library' : 'application';
}

function pathOf(script: string): string {
  try {
    return script.startsWith('file:') ? fileURLToPath(script) : script;
  } catch {
    return script;
  }
}

/** Undefined in a bundle, whose code is not to be told apart. */
const OWN_FOLDER = ownFolder();
