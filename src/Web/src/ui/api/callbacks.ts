import { json, nothing, type Call } from './call.js';
import type { Delivery, DeliveryPage, Mailbox, NewSubscription, Subscription, SubscriptionFilter } from './shapes.js';

const subscription = (id: string, action = ''): string => `/subscriptions/${encodeURIComponent(id)}${action}`;
const mailbox = (name: string): string => `/mailboxes/${encodeURIComponent(name)}`;

export const listSubscriptions = (): Call<Subscription[]> => ({
  method: 'GET',
  path: '/subscriptions',
  read: async response => (await json<{ subscriptions: Subscription[] }>(response)).subscriptions,
});
export const subscribe = (wish: NewSubscription): Call<Subscription> => ({ method: 'POST', path: '/subscriptions', json: wish, read: json<Subscription> });
export const changeSubscription = (id: string, change: SubscriptionFilter): Call<Subscription> => ({ method: 'PATCH', path: subscription(id), json: change, read: json<Subscription> });
export const deleteSubscription = (id: string): Call => ({ method: 'DELETE', path: subscription(id), read: nothing });
export const pauseSubscription = (id: string): Call => ({ method: 'POST', path: subscription(id, '/pause'), read: nothing });
export const resumeSubscription = (id: string): Call => ({ method: 'POST', path: subscription(id, '/resume'), read: nothing });
export const testSubscription = (id: string): Call => ({ method: 'POST', path: subscription(id, '/test'), read: nothing });
export const rotateSecret = (id: string): Call<Subscription> => ({ method: 'POST', path: subscription(id, '/rotate-secret'), read: json<Subscription> });

export function listDeliveries(filter: { state?: Delivery['state']; operation?: string; subscription?: string; pageToken?: string; pageSize?: number } = {}): Call<DeliveryPage> {
  const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]));
  return { method: 'GET', path: '/deliveries', query, read: json<DeliveryPage> };
}

export const redeliver = (id: string): Call => ({ method: 'POST', path: `/deliveries/${encodeURIComponent(id)}/redeliver`, read: nothing });
export const readMailbox = (name: string): Call<Mailbox> => ({ method: 'GET', path: mailbox(name), read: json<Mailbox> });
export const acknowledge = (name: string, id: string): Call => ({ method: 'DELETE', path: `${mailbox(name)}/${encodeURIComponent(id)}`, read: nothing });
export const acknowledgeUpTo = (name: string, id: string): Call => ({ method: 'DELETE', path: mailbox(name), query: new URLSearchParams({ upTo: id }), read: nothing });
