import { describeBundlers, describeSwc } from './bundled-applications.js';

// By Rspack, whose recipes are those of webpack, and swc for CommonJS: `bundlers.long-spec.ts`.
await describeBundlers(['webpack']);
await describeSwc([['es6', 'module']]);
