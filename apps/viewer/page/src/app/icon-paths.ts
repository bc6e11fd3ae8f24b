/** How the pictures are drawn, on a square of 20. */
export const ICON_PATHS = {
  pause: 'M6 4h3v12H6zM11 4h3v12h-3z',
  play: 'M6 4l10 6-10 6z',
  import: 'M10 3v9m0 0l-4-4m4 4l4-4M4 16h12',
  clear: 'M4 6h12M8 6V4h4v2m-6 0l1 11h6l1-11',
  theme: 'M10 3a7 7 0 1 0 0 14V3z',
  help: 'M7.5 7.5a2.5 2.5 0 1 1 3.4 2.4c-.6.3-.9.8-.9 1.6v.5m0 2.6v.2',
  back: 'M12 4l-6 6 6 6',
  close: 'M5 5l10 10M15 5L5 15',
  pin: 'M7 3h6l-1 5 3 3H5l3-3-1-5zm3 8v6',
  copy: 'M7 7h9v10H7zM4 13V3h9',
  save: 'M10 3v9m0 0l-4-4m4 4l4-4M4 16h12',
  compare: 'M4 5h7M4 9h5M10 12h6M7 16h9',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
} as const;

export type IconName = keyof typeof ICON_PATHS;
