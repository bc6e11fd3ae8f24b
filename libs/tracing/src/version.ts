/** The version of this package, as instrumentation scope version; a test holds it to package.json. */
export const VERSION = '0.1.0';
