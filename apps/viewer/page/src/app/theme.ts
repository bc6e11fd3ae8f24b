import { effect, signal } from '@preact/signals';
import { refreshColours } from '../paint/colours.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'nestjs-tracing-viewer:theme';

/** The theme that the reader chose; `system` follows the system. */
export const theme = signal<Theme>(THEMES.find((each) => each === remembered(KEY)) ?? 'system');

/** Applies the theme and what follows from it. */
export function startTheme(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
    remember(KEY, theme.value);
    refreshColours();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', refreshColours);
}

/** Goes on to the next theme. */
export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!;
}

/** Reads what an earlier visit left; a browser without a store has nothing. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Leaves something for the next visit, if the browser keeps it. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing shows the page all the same.
  }
}
