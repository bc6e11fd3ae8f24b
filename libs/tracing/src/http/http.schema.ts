import { z } from 'zod';

const isFunction = (value: unknown): boolean => typeof value === 'function';
const isPattern = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || value instanceof RegExp;
const isPatterns = (value: unknown): boolean => Array.isArray(value) && value.every(isPattern);

const trust = z.custom(
  (value) => value === 'all' || value === 'none' || isFunction(value),
  'write "all", "none", or a function of the request',
);

const destinations = z.custom(
  (value) =>
    ['all', 'none', 'internal'].includes(value as string) || isPatterns(value) || isFunction(value),
  'write "all", "internal", "none", a list of host names, or a function of the URL',
);

const paths = z.custom(
  (value) => isPatterns(value) || isFunction(value),
  'write a list of paths and regular expressions, or a function of the request',
);

const names = z.array(z.string('write texts').min(1, 'write names'), 'write a list of names');

const incoming = z.strictObject({
  trust: trust.optional(),
  ignore: paths.optional(),
  requestHeaders: names.optional(),
  responseHeaders: names.optional(),
  redactQuery: names.optional(),
});

const outgoing = z.strictObject({
  propagateTo: destinations.optional(),
  baggageTo: destinations.optional(),
  ignore: destinations.optional(),
  redactQuery: names.optional(),
});

const cure = 'write true, false, or an object of options';

/** What option `http` accepts. Each message is the cure. */
export const httpSchema = either(
  z.strictObject({ incoming: either(incoming).optional(), outgoing: either(outgoing).optional() }),
);

/** A boolean or an object, whose own issues are told, not those of a union. */
function either(object: z.ZodObject): z.ZodType {
  return z.unknown().check((context) => {
    if (typeof context.value === 'boolean') return;
    if (typeof context.value !== 'object' || context.value === null) {
      context.issues.push({ code: 'custom', input: undefined, message: cure });
      return;
    }
    const { error } = object.safeParse(context.value);
    for (const issue of error?.issues ?? []) context.issues.push(asOwn(issue, object));
  });
}

function asOwn(issue: z.core.$ZodIssue, object: z.ZodObject): z.core.$ZodRawIssue {
  const { message } = issue;
  if (issue.code !== 'unrecognized_keys') {
    return { code: 'custom', input: undefined, path: [...issue.path], message };
  }
  const known = Object.keys(object.shape).join(', ');
  return {
    code: 'custom',
    input: undefined,
    path: [...issue.path, ...issue.keys.slice(0, 1)],
    message: `there is no such option; known are ${known}`,
  };
}
