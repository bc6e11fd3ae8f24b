import { describe } from 'vitest';
import { describeFacts } from './support/facts.js';

describe('a watcher in the export thread', () => describeFacts('export'));
