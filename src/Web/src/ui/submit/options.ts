import { isObject, type Json } from './json.js';
import type { Schema } from './schema.js';

/** What may be said about a submission beside its input, as a form. */
export const optionsSchema: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    id: { type: 'string', format: 'line', title: 'Own id', description: 'Left empty, this page makes one: a submission whose answer got lost can be sent again and starts nothing twice.' },
    webhook: { type: 'string', format: 'line', title: 'Webhook', description: 'Where the end is told: an https address, or mailbox:NAME.' },
    tags: { type: 'object', title: 'Tags', additionalProperties: { type: 'string', format: 'line' }, description: 'To find it again: the board filters by them.' },
    delay: { type: 'string', format: 'line', title: 'Start after', description: '90 s, 10 min, 2 h, or an ISO 8601 duration such as PT10M.' },
    notBefore: { type: 'string', format: 'date-time', title: 'Start at', description: 'Not before this time, instead of after a delay.' },
    ttl: { type: 'string', format: 'line', title: 'Keep for', description: 'How long after its end: 2 h, 7 d or P7D.' },
  },
};

/** The own id, and the query that says the rest. */
export function readOptions(options: Json | undefined): { id: string | undefined; query: URLSearchParams } {
  const query = new URLSearchParams();
  const members = isObject(options) ? options : new Map<string, Json>();
  const tags = members.get('tags');
  for (const [name, value] of isObject(tags) ? tags : []) {
    query.set(`tag.${name}`, String(value));
  }

  for (const name of ['webhook', 'delay', 'notBefore', 'ttl']) {
    const value = members.get(name);
    if (typeof value === 'string' && value.trim() !== '') {
      query.set(name, name === 'delay' || name === 'ttl' ? isoDuration(value) : value.trim());
    }
  }

  const id = members.get('id');
  return { id: typeof id === 'string' && id.trim() !== '' ? id.trim() : undefined, query };
}

/** How people write durations, in the way of ISO 8601. What is neither stays as it is: the server says what is wrong. */
export function isoDuration(text: string): string {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|d)\s*$/i.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    return text.trim();
  }

  return unit.toLowerCase() === 'd' ? `P${amount}D` : `PT${amount}${unit[0]!.toUpperCase()}`;
}

/** Which option a refusal without pointers speaks of. */
export function optionNamed(detail: string): string | undefined {
  return [/'(webhook|delay|notBefore|ttl)'/, /^The (id) /, /\b(tag)s?\b/].map(pattern => pattern.exec(detail)?.[1]).find(Boolean)?.replace(/^tag$/, 'tags');
}
