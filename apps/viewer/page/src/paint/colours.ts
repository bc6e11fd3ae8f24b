import { signal } from '@preact/signals';

const NAMES = [
  'bg',
  'ink',
  'dim',
  'line',
  'bad',
  'warn',
  'accent',
  'path',
  'band',
  'select',
] as const;
export type ColourName = (typeof NAMES)[number];

/** The colours of the theme as a canvas takes them. */
export interface Colours extends Readonly<Record<ColourName, string>> {
  readonly isDark: boolean;
}

/** Read again whenever the theme changes. */
export const colours = signal<Colours>(readColours());

/** Reads the colours that the style sheet gives to the theme. */
export function refreshColours(): void {
  colours.value = readColours();
}

/** Hues that are told apart in both themes. */
const HUES = [212, 158, 274, 28, 332, 190, 96, 248, 52, 300];

/** A service's colour: strong for its own time, faint for the whole of a span. */
export function serviceColour(hue: number, isDark: boolean): { strong: string; faint: string } {
  const strong = isDark ? `hsl(${hue} 62% 64%)` : `hsl(${hue} 58% 42%)`;
  return { strong, faint: isDark ? `hsl(${hue} 45% 34%)` : `hsl(${hue} 62% 80%)` };
}

/** Hues of services by name: the same in every trace, and different from each other in one. */
export function huesOf(services: readonly { readonly name: string }[]): number[] {
  const taken = new Set<number>();
  return services.map(({ name }) => {
    let at = hash(name) % HUES.length;
    for (let tries = 0; taken.has(at) && tries < HUES.length; tries++) at = (at + 1) % HUES.length;
    taken.add(at);
    return HUES[at]!;
  });
}

function hash(text: string): number {
  let value = 7;
  for (let index = 0; index < Math.min(text.length, 64); index++) {
    value = (value * 31 + text.charCodeAt(index)) >>> 0;
  }
  return value;
}

/** A custom property is text until an element uses it, so one does. */
function readColours(): Colours {
  const probe = document.createElement('i');
  document.documentElement.append(probe);
  const read = (name: ColourName): [ColourName, string] => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  };
  const values = Object.fromEntries(NAMES.map(read)) as Record<ColourName, string>;
  const isDark = getComputedStyle(probe).colorScheme === 'dark' || prefersDark(probe);
  probe.remove();
  return { ...values, isDark };
}

function prefersDark(probe: HTMLElement): boolean {
  const scheme = getComputedStyle(probe).colorScheme;
  return scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches;
}
