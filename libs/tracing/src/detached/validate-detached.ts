const CHOICES: Readonly<Record<string, readonly string[]>> = {
  parent: ['link', 'child'],
  sampling: ['inherit', 'independent'],
};

const KNOWN = ['attributes', 'baggage', 'errors', 'kind', 'links', ...Object.keys(CHOICES)];

/**
 * @throws TypeError if a task has no name or nothing to do
 */
export function assertWork(name: unknown, work: unknown): void {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError('detach() needs a name, as a text.');
  }
  if (typeof work === 'function') return;
  const given =
    typeof (work as Partial<PromiseLike<unknown>> | null)?.then === 'function'
      ? ' It got a promise, whose work has already begun elsewhere: write () => the call instead.'
      : '';
  throw new TypeError(`detach("${name}") needs a function to call.${given}`);
}

/**
 * @param where what the message begins with
 * @param further options that are known beside those of `detach()`
 * @throws TypeError naming the option that is unknown or wrong and what to write instead
 */
export function assertDetachedOptions(
  where: string,
  options: object,
  further: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${where} needs its options as an object.`);
  }
  const known = [...further, ...KNOWN];
  for (const [key, value] of Object.entries(options) as [string, unknown][]) {
    if (!known.includes(key)) {
      throw new TypeError(`${where}: there is no option "${key}"; known are ${known.join(', ')}.`);
    }
    assertChoice(where, key, value);
  }
}

function assertChoice(where: string, key: string, value: unknown): void {
  const choices = CHOICES[key];
  if (value === undefined || choices === undefined || choices.includes(value as string)) return;
  throw new TypeError(`${where}: write "${choices.join('" or "')}" as ${key}.`);
}
