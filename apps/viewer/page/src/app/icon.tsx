import { ICON_PATHS, type IconName } from './icon-paths.js';

/** A small picture beside a name; the name is what screen readers say. */
export function Icon({ name }: { name: IconName }) {
  const isFilled = name === 'pause' || name === 'play' || name === 'theme';
  return (
    <svg class="icon" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
      <path
        d={ICON_PATHS[name]}
        fill={isFilled ? 'currentColor' : 'none'}
        stroke={isFilled ? 'none' : 'currentColor'}
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
      {name === 'theme' && (
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6" />
      )}
    </svg>
  );
}
