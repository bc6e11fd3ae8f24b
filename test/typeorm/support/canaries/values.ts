/** The values that are planted. They are in no name, so whatever holds one of them holds a value. */
export const CANARY = 'canary';
export const CANARY_EMAIL = `${CANARY}@secret.example`;
export const CANARY_NUMBER = 987_654_321;

/** What is looked for: each value as text, in hexadecimal digits, and with its digits grouped. */
const FORMS = [
  CANARY,
  String(CANARY_NUMBER),
  '987_654_321',
  CANARY_NUMBER.toString(16),
  Buffer.from(CANARY).toString('hex'),
];

/** The forms of the planted values that a text holds, in upper or lower case. */
export function canariesIn(text: string): string[] {
  const lower = text.toLowerCase();
  return FORMS.filter((form) => lower.includes(form));
}
