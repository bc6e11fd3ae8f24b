/** Where Debian's package puts it. */
export const CHROMIUM = '/usr/bin/chromium';
/** Holds why the set-up could not install it. */
export const NO_BROWSER = 'NESTJS_TRACING_NO_BROWSER';
