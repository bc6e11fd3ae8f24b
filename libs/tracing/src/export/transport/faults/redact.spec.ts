import { expect, it } from 'vitest';
import { redactor, secretsOf } from './redact.js';

it('a text of somebody else steers no terminal and adds no line', () => {
  const text =
    '\u001b[31mred\u001b]0;title\u0007\r\nlog: forged\u0085 \u202Etxt.exe\u2028next\u200b\u0000';
  expect(redactor([])(text)).toBe('[31mred ]0;title log: forged txt.exe next');
});

it('a text of somebody else is short', () => {
  expect(redactor([])('x'.repeat(10_000_000))).toHaveLength(300);
});

it('secrets do not show, those of a URL that is not well encoded either', () => {
  const secrets = secretsOf(['http://us3r:p%zzword@host'], { authorization: 'Bearer t0ken-one' });
  const shown = redactor(secrets)('us3r p%zzword Bearer t0ken-one t0ken-one');
  expect(shown).toBe('[redacted] [redacted] [redacted] [redacted]');
});
