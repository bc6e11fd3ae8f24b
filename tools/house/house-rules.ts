import { KEPT_EXPORTS, type KeptExport } from './kept-exports.js';
import { ALLOWED_IMPORTS, LAYERS, type AllowedImport, type Layer } from './layers.js';
import { LONG_FILES, type LongFile } from './long-files.js';

/** What a house is measured against; the numbers are the largest that pass. */
export interface HouseRules {
  readonly layers: readonly Layer[];
  readonly allowedImports: readonly AllowedImport[];
  readonly longFiles: readonly LongFile[];
  readonly keptExports: readonly KeptExport[];
  readonly filesPerFolder: number;
  readonly linesPerFile: number;
  readonly linesPerFunction: number;
  readonly charactersPerLine: number;
}

export const HOUSE_RULES: HouseRules = {
  layers: LAYERS,
  allowedImports: ALLOWED_IMPORTS,
  longFiles: LONG_FILES,
  keptExports: KEPT_EXPORTS,
  filesPerFolder: 20,
  linesPerFile: 200,
  linesPerFunction: 40,
  charactersPerLine: 110,
};
