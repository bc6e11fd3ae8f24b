import { defineTask } from 'nestjs-tracing/offload';
import { digest } from './digest.js';

/** The same digest, on another thread. */
export const digestTask = defineTask(import.meta.url, 'digestTask', (key: string) => digest(key));
