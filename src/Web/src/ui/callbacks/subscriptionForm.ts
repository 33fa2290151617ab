import type { OperationState } from '../../client/index.js';
import type { NewSubscription, Subscription, SubscriptionChange, SubscriptionEvents } from '../api/shapes.js';

/** What stands in the fields. */
export interface Fields {
  webhook: string;
  events: SubscriptionEvents;
  types: readonly string[];
  states: readonly OperationState[];
  /** One name=value in a line. */
  tags: string;
  /** As a datetime-local field has it, in the zone of the browser; empty: never. */
  expiresAt: string;
}

export type Field = keyof Fields;

export const blank: Fields = { webhook: '', events: 'completed', types: [], states: [], tags: '', expiresAt: '' };

export function fieldsOf({ webhook, events = 'completed', types = [], states = [], tags = {}, expiresAt }: Subscription): Fields {
  return { webhook, events, types, states, tags: Object.entries(tags).map(([name, value]) => `${name}=${value}`).join('\n'), expiresAt: expiresAt ? localTime(expiresAt) : '' };
}

/** What is left empty lets everything through. */
export function wishOf({ webhook, ...others }: Fields): NewSubscription {
  const filters = Object.entries(changeOf(others)).filter(([, value]) => value !== null);
  return { webhook: webhook.trim(), ...Object.fromEntries(filters) };
}

export function changeOf({ events, types, states, tags, expiresAt }: Omit<Fields, 'webhook'>): SubscriptionChange {
  const lines = tags.split('\n').map(line => line.trim()).filter(Boolean);
  return {
    events,
    types: types.length > 0 ? [...types] : null,
    states: states.length > 0 ? [...states] : null,
    tags: lines.length > 0 ? Object.fromEntries(lines.map(line => line.split(/=(.*)/s)).map(([name = '', value = '']) => [name.trim(), value.trim()])) : null,
    expiresAt: expiresAt ? instant(expiresAt) : null,
  };
}

/** The server's faults at their fields, and those that belong to none. */
export function faultsByField(errors: readonly { pointer: string; detail: string }[]): { at: Partial<Record<Field, string>>; others: { pointer: string; detail: string }[] } {
  const at: Partial<Record<Field, string>> = {};
  const others: { pointer: string; detail: string }[] = [];
  for (const error of errors) {
    const [, name = '', part] = error.pointer.split('/');
    if (name in blank) {
      const text = part === undefined ? error.detail : `${part}: ${error.detail}`;
      const field = name as Field;
      at[field] = at[field] ? `${at[field]}; ${text}` : text;
    } else {
      others.push(error);
    }
  }

  return { at, others };
}

/** Minutes are enough, and seconds would have to be typed. */
function localTime(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What is no time the server may explain. */
function instant(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? local : date.toISOString();
}
