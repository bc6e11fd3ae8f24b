import { styleText } from 'node:util';

/** What a piece of text is, for its colour. */
export type Tone = 'dim' | 'name' | 'good' | 'bad' | 'warning' | 'link';

/** Gives text the colour of its tone, or leaves it alone. */
export type Palette = (tone: Tone, text: string) => string;

const STYLES = {
  dim: 'gray',
  name: 'bold',
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  link: 'cyan',
} as const;

/** For a terminal. */
export const COLOURS: Palette = (tone, text) =>
  styleText(STYLES[tone], text, { validateStream: false });

/** For pipes and files. */
export const PLAIN: Palette = (_tone, text) => text;

/** Colours on a terminal that has not refused them with `NO_COLOR`. */
export function paletteFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Palette {
  return stream.isTTY && !env['NO_COLOR'] ? COLOURS : PLAIN;
}
