import { describe, expect, it } from 'vitest';
import { pageAt } from './support/pages.js';

describe('README', () => {
  it('is read in a few minutes: 900 words, code and tables included', () => {
    const { text } = pageAt('README.md');
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(900);
  });

  it('says what sets everything up', () => {
    const { text } = pageAt('README.md');
    expect(text).toContain('npm ci && npm start');
    expect(text).toContain('npm ci && npm test');
  });
});
