import { chipWidth } from '../format/chip-width.js';
import type { Chip } from './trace-row.js';

const TONES: readonly Chip['tone'][] = ['bad', 'warn', 'plain'];
const GAP = 4;

/**
 * Chips that can be read in a row: all of them where there is room, else the most telling, whole, and
 * one that counts and names the others.
 *
 * @param first stand before the others and are never left out.
 * @param room pixels for all of them.
 */
export function fittingChips(
  first: readonly Chip[],
  chips: readonly Chip[],
  room: number,
): readonly Chip[] {
  const left = room + GAP - widthOf(first);
  if (widthOf(chips) <= left) return [...first, ...chips];
  const telling = chips.toSorted(
    (one, other) => TONES.indexOf(one.tone) - TONES.indexOf(other.tone),
  );
  const shown: Chip[] = [];
  for (const chip of telling) {
    const rest = telling.filter((each) => each !== chip && !shown.includes(each));
    if (widthOf([...shown, chip, restOf(rest)]) <= left) shown.push(chip);
  }
  return [...first, ...shown, restOf(telling.filter((each) => !shown.includes(each)))];
}

function restOf(chips: readonly Chip[]): Chip {
  const title = chips.map(({ text }) => text).join(', ');
  const tone = chips[0]?.tone ?? 'plain';
  return { text: `+${chips.length}`, tone, title, search: '', spoken: `: ${title}` };
}

function widthOf(chips: readonly Chip[]): number {
  return chips.reduce((sum, { text }) => sum + chipWidth(text) + GAP, 0);
}
