import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { context, createContextKey } from '@opentelemetry/api';
import { hasRegisteredProvider } from '../span/registered-provider.js';
import { workingDirectory } from '../working-directory.js';
import type { RunningSdk } from './running-sdk.js';

const API = '@opentelemetry/api';

/**
 * Looks for what silently breaks tracing. Each problem comes with its cure.
 *
 * @param applicationRoot the folder whose copy of the API the application uses
 */
export function checkStart(sdk: RunningSdk, applicationRoot = workingDirectory()): string[] {
  return [...providerProblems(), ...contextProblems(sdk), ...apiCopyProblems(applicationRoot)];
}

function providerProblems(): string[] {
  if (hasRegisteredProvider()) return [];
  return [
    `No spans will be recorded: OpenTelemetry's globals are held by another version of ${API} ` +
      `(${globalApiVersion() ?? 'unknown'}). Keep one copy: run "npm ls ${API}" and "npm dedupe", ` +
      'or pin it with "overrides" in package.json.',
  ];
}

/** Without a context manager `with` calls the function and sets nothing. */
function contextProblems(sdk: RunningSdk): string[] {
  const key = createContextKey('nestjs-tracing self-check');
  const probe = context.active().setValue(key, true);
  if (context.with(probe, () => context.active().getValue(key)) === true) return [];
  const cure =
    sdk.origin === 'adopted'
      ? 'Register one where the SDK is registered: ' +
        'context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()).'
      : 'Leave sdk.contextManager out, or give one that works.';
  return [`Spans will have no parents: there is no working context manager. ${cure}`];
}

/** The application's own spans go through its own copy of the API, which must accept the globals. */
function apiCopyProblems(applicationRoot: string | undefined): string[] {
  const ours = globalApiVersion();
  const theirs = applicationRoot === undefined ? undefined : applicationApi(applicationRoot);
  if (ours === undefined || theirs === undefined || accepts(theirs.version, ours)) return [];
  return [
    `The application's own copy of ${API} (${theirs.version}, ${theirs.path}) does not work with the ` +
      `one that tracing is registered in (${ours}): its spans and log ids stay empty. Keep one copy: ` +
      `run "npm ls ${API}" and "npm dedupe", or pin it with "overrides" in package.json.`,
  ];
}

/** The version that holds the globals. It stands where every copy of the API looks for it. */
function globalApiVersion(): string | undefined {
  const globals = globalThis as Record<symbol, { version?: string } | undefined>;
  return globals[Symbol.for('opentelemetry.js.api.1')]?.version;
}

/** A copy accepts globals of its own major that are not older than itself. */
function accepts(copy: string, globals: string): boolean {
  const [copyMajor = 0, copyMinor = 0] = copy.split('.').map(Number);
  const [major = 0, minor = 0] = globals.split('.').map(Number);
  return copyMajor === major && copyMinor <= minor;
}

function applicationApi(root: string): { path: string; version: string } | undefined {
  try {
    const entry = createRequire(join(root, 'package.json')).resolve(API);
    const path = packageFolder(entry);
    const { version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { path, version };
  } catch {
    return undefined; // the application has no copy of its own
  }
}

function packageFolder(entry: string): string {
  const end =
    entry.lastIndexOf(join('@opentelemetry', 'api')) + join('@opentelemetry', 'api').length;
  return end > API.length ? entry.slice(0, end) : dirname(entry);
}
