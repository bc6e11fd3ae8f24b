import { describe } from 'vitest';
import { describeFacts } from './support/facts.js';

describe('a watcher in a thread of its own', () => describeFacts('own'));
