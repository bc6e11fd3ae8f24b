import { runGroup } from '../../../libs/tracing/src/group/run-group.js';

/** Nothing but a group's own timer is pending: the process has to end. */
void runGroup('g', { timeoutMillis: 60_000 }, () => new Promise(() => undefined));
console.log('"started"');
