import { json, nothing, type Call } from './call.js';
import type { Delivery, DeliveryFilter, DeliveryPage, Mailbox, MailboxPage, NewSubscription, PageQuery, Subscription, SubscriptionChange, SubscriptionPage } from './shapes.js';

const subscription = (id: string, action = ''): string => `/subscriptions/${encodeURIComponent(id)}${action}`;
const mailbox = (name: string): string => `/mailboxes/${encodeURIComponent(name)}`;

const delivery = (id: string, action = ''): string => `/deliveries/${encodeURIComponent(id)}${action}`;

export const listSubscriptions = (page: PageQuery = {}): Call<SubscriptionPage> => ({ method: 'GET', path: '/subscriptions', query: queryOf(page), read: json<SubscriptionPage> });
export const subscribe = (wish: NewSubscription): Call<Subscription> => ({ method: 'POST', path: '/subscriptions', json: wish, read: json<Subscription> });
export const changeSubscription = (id: string, change: SubscriptionChange): Call<Subscription> => ({ method: 'PATCH', path: subscription(id), json: change, read: json<Subscription> });
export const deleteSubscription = (id: string): Call => ({ method: 'DELETE', path: subscription(id), read: nothing });
export const pauseSubscription = (id: string): Call => ({ method: 'POST', path: subscription(id, '/pause'), read: nothing });
export const resumeSubscription = (id: string): Call => ({ method: 'POST', path: subscription(id, '/resume'), read: nothing });
/** The answer is the message. */
export const testSubscription = (id: string): Call<Delivery> => ({ method: 'POST', path: subscription(id, '/test'), read: json<Delivery> });
export const rotateSecret = (id: string): Call<Subscription> => ({ method: 'POST', path: subscription(id, '/rotate-secret'), read: json<Subscription> });

export const listDeliveries = (filter: DeliveryFilter & PageQuery = {}): Call<DeliveryPage> => ({ method: 'GET', path: '/deliveries', query: queryOf(filter), read: json<DeliveryPage> });
export const getDelivery = (id: string): Call<Delivery> => ({ method: 'GET', path: delivery(id), read: json<Delivery> });
export const redeliver = (id: string): Call => ({ method: 'POST', path: delivery(id, '/redeliver'), read: nothing });
/** Answers how many it was. */
export const redeliverAll = (filter: DeliveryFilter): Call<number> => ({
  method: 'POST',
  path: '/deliveries/redeliver',
  query: queryOf(filter),
  read: async response => (await json<{ redelivered: number }>(response)).redelivered,
});

export const listMailboxes = (page: PageQuery = {}): Call<MailboxPage> => ({ method: 'GET', path: '/mailboxes', query: queryOf(page), read: json<MailboxPage> });
/** What it answers nobody else gets for `visibility` seconds; with `wait` the server holds the answer until there is something. */
export const readMailbox = (name: string, { visibility, pageSize, wait = 0 }: { visibility: number; pageSize: number; wait?: number }): Call<Mailbox> => ({
  method: 'GET', path: mailbox(name), query: queryOf({ visibility, pageSize }), ...wait ? { headers: { prefer: `wait=${wait}` } } : {}, read: json<Mailbox>,
});
export const acknowledge = (name: string, id: string): Call => ({ method: 'DELETE', path: `${mailbox(name)}/${encodeURIComponent(id)}`, read: nothing });
export const acknowledgeUpTo = (name: string, id: string): Call => ({ method: 'DELETE', path: mailbox(name), query: new URLSearchParams({ upTo: id }), read: nothing });

function queryOf(values: object): URLSearchParams {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => [name, String(value)]));
}
