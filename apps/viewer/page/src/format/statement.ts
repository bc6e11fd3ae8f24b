/** Keywords that begin a line of a formatted statement. */
const BREAKS = new Set(
  (
    'SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET UNION WITH INSERT VALUES UPDATE SET DELETE ' +
    'RETURNING INNER LEFT RIGHT FULL CROSS JOIN ON AND OR'
  ).split(' '),
);
/** They stand a step further in. */
const INNER = new Set(['ON', 'AND', 'OR']);
/** Words after which a `JOIN`, `BY` or `FROM` goes on with the line. */
const OPENERS = new Set(['INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS', 'OUTER', 'DELETE']);
/** What is longer is shown as it came. */
const MAX_FORMATTED = 20_000;

/**
 * Sets a statement in lines by its keywords. Quoted text and comments stay as they are; what follows
 * an opening parenthesis is indented. Linear in the text.
 */
export function formatStatement(text: string): string {
  if (text.length > MAX_FORMATTED) return text;
  let result = '';
  let depth = 0;
  let before = '';
  for (const token of tokensOf(text)) {
    const word = token.toUpperCase();
    if (token.trim() === '') {
      result += ' ';
      continue;
    }
    if (token === '(') depth++;
    if (token === ')') depth = Math.max(0, depth - 1);
    if (result.trim() !== '' && isBreak(word, before)) {
      result = `${result.trimEnd()}\n${'  '.repeat(depth + (INNER.has(word) ? 1 : 0))}`;
    }
    result += token;
    before = word;
  }
  return result.trim();
}

function isBreak(word: string, before: string): boolean {
  if (!BREAKS.has(word) || before === '(') return false;
  return !OPENERS.has(before);
}

/** Words, blanks, quoted texts, comments and single signs, in order. */
function* tokensOf(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const end = tokenEnd(text, at);
    yield text.slice(at, end);
    at = end;
  }
}

function tokenEnd(text: string, at: number): number {
  const first = text[at]!;
  if (first === "'" || first === '"' || first === '`') return after(text, first, at + 1);
  if (text.startsWith('--', at)) return after(text, '\n', at);
  if (text.startsWith('/*', at)) return after(text, '*/', at + 2);
  const isWord = isWordSign(first);
  const isBlank = first.trim() === '';
  if (!isWord && !isBlank) return at + 1;
  let end = at + 1;
  while (end < text.length && (isWord ? isWordSign(text[end]!) : text[end]!.trim() === '')) end++;
  return end;
}

function after(text: string, sign: string, from: number): number {
  const found = text.indexOf(sign, from);
  return found < 0 ? text.length : found + sign.length;
}

function isWordSign(sign: string): boolean {
  return /[\w$.]/.test(sign) || sign > '\u007f';
}
