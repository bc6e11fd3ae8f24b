import type { HouseRules } from '../house-rules.js';
import type { Finding, Measurement } from '../measurement.js';
import type { SourcePackage } from '../read/source-package.js';

/** A link cannot be broken. */
const IS_LINK = /^\s*\* @see https:\/\/\S+$/;

export function lineWidth({ modules }: SourcePackage, rules: HouseRules): Measurement {
  const findings = [...modules.values()].flatMap(({ file, lines }) =>
    lines.flatMap((text, index): Finding[] => {
      if (text.length <= rules.charactersPerLine || IS_LINK.test(text)) return [];
      const message = `${text.length} characters`;
      return [{ rule: 'wide line', file, line: index + 1, message }];
    }),
  );
  return {
    figures: [
      {
        name: `lines over ${rules.charactersPerLine} characters`,
        value: findings.length,
        limit: 'none',
        broken: findings.length > 0,
      },
    ],
    findings,
  };
}
