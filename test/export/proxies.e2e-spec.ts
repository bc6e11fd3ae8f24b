import { describeProxies } from './proxies.js';

// All of them: `proxies.long-spec.ts`.
describeProxies('worker', 'one');
describeProxies('main', 'one');
