import { describeEndings } from './endings.js';

/** What the main thread has of its own: who waits for the last request. */
const ON_MAIN = /after a while|exit\(\)|exception|^app.close/;

describeEndings((way, _, thread) => thread === 'worker' || ON_MAIN.test(way));
