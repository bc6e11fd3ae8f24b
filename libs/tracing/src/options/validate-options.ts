import type { z } from 'zod';
import { TracingConfigurationError } from './configuration.error.js';
import { optionsSchema } from './options.schema.js';
import type { TracingModuleOptions } from './tracing-options.interface.js';

type Issue = z.core.$ZodIssue;

/**
 * Checks the module's options as a whole and answers them.
 *
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 */
export function validateOptions(options: unknown): TracingModuleOptions {
  const parsed = optionsSchema.safeParse(options ?? {});
  const [issue] = parsed.error?.issues ?? [];
  if (issue !== undefined) throw describe(issue);
  return (options ?? {}) as TracingModuleOptions;
}

function describe(issue: Issue): TracingConfigurationError {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') {
    return new TracingConfigurationError(path.join('.') || 'options', issue.message);
  }
  const [key = ''] = issue.keys;
  const known = knownKeys(path);
  const meant = closest(key, known);
  const cure = meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return new TracingConfigurationError(
    [...path, key].join('.'),
    `there is no such option; ${cure}`,
  );
}

/** The options of the group that a path leads to, or of the module. A sampler is a ratio or its own. */
function knownKeys([group, part]: readonly string[]): string[] {
  const { shape } = optionsSchema;
  if (group === 'sampler') return ['ratio'];
  if (group === 'offload' && part === 'resourceLimits') {
    return Object.keys(shape.offload.unwrap().shape.resourceLimits.unwrap().shape);
  }
  if (group === 'batch' || group === 'detached' || group === 'offload' || group === 'tls') {
    return Object.keys(shape[group].unwrap().shape);
  }
  return Object.keys(shape);
}

/** The known key that needs the fewest edits, if these are few. */
function closest(key: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({
      candidate,
      edits: editDistance(key.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.max(2, key.length / 3)
    ? best.candidate
    : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
