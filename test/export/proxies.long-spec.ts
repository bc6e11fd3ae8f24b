import { describeProxies } from './proxies.js';

describeProxies('worker', 'all');
describeProxies('main', 'all');
