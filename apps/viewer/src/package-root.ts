/** The folder that the viewer runs from: what is built, or what is packed. */
export const PACKAGE_ROOT = new URL('.', import.meta.url);
