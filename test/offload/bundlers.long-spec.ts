import { describeBundlers, describeSwc } from './bundled-applications.js';

await describeBundlers(['@rspack/core']);
await describeSwc([['commonjs', 'commonjs']]);
