import { guard } from '../../span/guard.js';
import type { StatementIgnoreRule, IssuedStatement } from '../typeorm-tracing.options.js';

/** Whether a rule tells that a statement is not to be traced. A rule that throws tells nothing. */
export function isIgnored(
  rules: readonly StatementIgnoreRule[],
  statement: IssuedStatement,
): boolean {
  return rules.some((rule) => guard('an ignore rule of TypeORM', () => applies(rule, statement)));
}

function applies(rule: StatementIgnoreRule, statement: IssuedStatement): boolean {
  if (typeof rule === 'function') return rule(statement) === true;
  rule.lastIndex = 0;
  return rule.test(statement.text);
}
