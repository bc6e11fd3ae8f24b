import type * as z from 'zod';

/** Between what is said of each of several options that there are none of: an issue has one message. */
export const EACH = '\n';

/** What is wrong with which option. */
interface OptionFault {
  /** The option's path, such as `sampler.rules[0].route`; empty if it is the options as a whole. */
  readonly path: string;
  /** What is wrong with it and what to write instead. */
  readonly cure: string;
}

/** The first fault that a schema has found. */
export function faultOf(error: z.ZodError): OptionFault {
  return faultsOf(error)[0] ?? { path: '', cure: 'cannot be used' };
}

/** All faults that a schema has found, one of each option: a value may fail several checks for one reason. */
export function faultsOf({ issues }: z.ZodError): OptionFault[] {
  const all = issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return fault(issue.path, issue.message);
    const cures = issue.message.split(EACH);
    return issue.keys.map((key, at) =>
      fault([...issue.path, key], cures[at] ?? 'there is no such option'),
    );
  });
  return all.filter((one, at) => all.findIndex(({ path }) => path === one.path) === at);
}

function fault(path: readonly PropertyKey[], cure: string): OptionFault {
  return { path: path.reduce(pathTo, ''), cure };
}

function pathTo(outer: string, part: PropertyKey): string {
  if (typeof part === 'number') return `${outer}[${part}]`;
  return outer === '' ? String(part) : `${outer}.${String(part)}`;
}
