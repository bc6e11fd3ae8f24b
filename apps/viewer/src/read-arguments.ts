import { parseArgs } from 'node:util';
import { nearestName } from './nearest-name.js';

type ArgumentToken = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<ArgumentToken, { kind: 'option' }>;

const CURE = '--help names the options.';

/** What the options of the command line are, and whether each takes a value. */
const SYNTAX = {
  port: { type: 'string' },
  'grpc-port': { type: 'string' },
  'http-port': { type: 'string' },
  host: { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  open: { type: 'boolean', default: false },
  page: { type: 'boolean', default: true },
  terminal: { type: 'boolean', default: true },
  import: { type: 'string', multiple: true },
  'max-spans': { type: 'string' },
  timeout: { type: 'string' },
  quiet: { type: 'string' },
  rootless: { type: 'string' },
  attributes: { type: 'string' },
  'traced-only': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

/** Switches that are on have their names with `no-`. */
const WRITTEN = Object.entries(SYNTAX).map(([name, { type }]) =>
  type === 'boolean' && SYNTAX[name as 'page'].default ? `--no-${name}` : `--${name}`,
);

/**
 * The options as they were written, the last of each that was given again.
 *
 * @throws Error that names what cannot be understood, and what to write.
 */
export function readArguments(args: readonly string[]) {
  const settings = { options: SYNTAX, allowNegative: true } as const;
  const { tokens } = parseArgs({ args: [...args], ...settings, strict: false, tokens: true });
  return parseArgs({ args: tokens.flatMap(checked), ...settings }).values;
}

/** An argument in the one form that cannot be misread. */
function checked(token: ArgumentToken): string[] {
  if (token.kind === 'option-terminator') return [];
  if (token.kind === 'option') return [isSwitch(token) ? switchOf(token) : valueOf(token)];
  const cure = `A file is shown with --import <file>; ${CURE}`;
  throw new Error(`"${token.value}" belongs to no option. ${cure}`);
}

/** @throws Error if there is no such option. */
function isSwitch({ name, rawName }: OptionToken): boolean {
  const isShort = !rawName.startsWith('--');
  if (Object.hasOwn(SYNTAX, name) || (isShort && name === SYNTAX.help.short)) {
    return (SYNTAX[name as 'page'] ?? SYNTAX.help).type === 'boolean';
  }
  // Here the parser leaves the `no-` to the name.
  if (name.startsWith('no-') && Object.hasOwn(SYNTAX, name.slice(3))) return true;
  const meant = isShort ? undefined : nearestName(rawName, WRITTEN);
  const cure = meant === undefined ? CURE : `Did you mean ${meant}?`;
  throw new Error(`There is no option ${rawName}. ${cure}`);
}

function switchOf({ rawName, value }: OptionToken): string {
  if (value === undefined) return rawName;
  throw new Error(`${rawName} takes no value: leave "=${value}" out.`);
}

function valueOf({ name, rawName, value, inlineValue }: OptionToken): string {
  if (rawName.startsWith('--no-')) throw new Error(`There is no option ${rawName}. ${CURE}`);
  if (value === undefined || (!inlineValue && value.startsWith('--'))) {
    throw new Error(`${rawName} has no value: write ${rawName}=<value>.`);
  }
  if (value.trim() === '') throw new Error(`${rawName} is empty: give a value, or leave it out.`);
  return `--${name === 'http-port' ? 'port' : name}=${value}`;
}
