import type { Json } from './json.js';
import { write } from './json.js';
import { parse } from './parse.js';

export interface Draft {
  /** As JSON text, be it well-formed or not. */
  input: string;
  /** Whether it is edited as text. */
  raw: boolean;
  options: Json | undefined;
}

const prefix = 'rops.submit.';
const recent = `${prefix}recent`;
/** Of so many types, in characters. */
const types = 20;
const longest = 16_384;

/** The type that was shown last. */
export const lastType = (): string | undefined => recentTypes()[0];

/** What was typed last for a type; nothing in a browser that stores nothing. */
export function recall(type: string): Draft | undefined {
  try {
    const { input, raw, options } = JSON.parse(localStorage.getItem(prefix + type) ?? '{}') as { input?: string; raw?: boolean; options?: string };
    return input === undefined ? undefined : { input, raw: raw === true, options: options === undefined ? undefined : parse(options) };
  } catch {
    return undefined;
  }
}

/** Keeps it for the next time. What is too long, and the oldest type of too many, is forgotten. */
export function remember(type: string, { input, raw, options }: Draft): void {
  try {
    const order = [type, ...recentTypes().filter(other => other !== type)];
    order.slice(types).forEach(forgotten => localStorage.removeItem(prefix + forgotten));
    localStorage.setItem(recent, JSON.stringify(order.slice(0, types)));
    const text = JSON.stringify({ input, raw, ...options === undefined ? {} : { options: write(options) } });
    if (text.length <= longest) {
      localStorage.setItem(prefix + type, text);
    } else {
      localStorage.removeItem(prefix + type);
    }
  } catch {
    // A browser that stores nothing, or is full.
  }
}

function recentTypes(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(recent) ?? '[]');
    return Array.isArray(stored) ? stored.filter(name => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
