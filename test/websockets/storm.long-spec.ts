import { describeStorm } from './storm.js';
import { KINDS } from './support/socket-app.js';

for (const kind of KINDS) describeStorm(kind, { sockets: 100, messages: 50 });
