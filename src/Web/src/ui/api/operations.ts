import type { OperationState, Status } from '../../client/index.js';
import { json, nothing, type Call } from './call.js';
import type { DeliveryPage, HistoryEvent, OperationName, OperationPage, OperationType } from './shapes.js';

export const uriOf = ({ type, id }: OperationName): string => `/operations/${encodeURIComponent(type)}/${encodeURIComponent(id)}`;

export interface ListQuery {
  type?: string;
  states?: readonly OperationState[];
  tags?: Record<string, string>;
  createdBefore?: string;
  pageSize?: number;
  pageToken?: string;
}

/** Newest first. */
export function listOperations({ type, states = [], tags = {}, ...others }: ListQuery): Call<OperationPage> {
  const query = new URLSearchParams(states.map(state => ['state', state]));
  for (const [name, value] of [...Object.entries(tags).map(([tag, text]) => [`tag.${tag}`, text] as const), ...Object.entries(others)]) {
    query.set(name, String(value));
  }

  return { method: 'GET', path: type === undefined ? '/operations' : `/operations/${encodeURIComponent(type)}`, query, read: json<OperationPage> };
}

export const operationTypes = (): Call<OperationType[]> => ({
  method: 'GET',
  path: '/operation-types',
  read: async response => (await json<{ types: OperationType[] }>(response)).types,
});

export const getStatus = (of: OperationName): Call<Status> => ({ method: 'GET', path: uriOf(of), read: json<Status> });
/** The answer itself: what is in it is the type's own business. */
export const getResult = (of: OperationName): Call<Response> => ({ method: 'GET', path: `${uriOf(of)}/result`, headers: { accept: '*/*' }, read: async response => response });
export const getInput = (of: OperationName): Call<Response> => ({ method: 'GET', path: `${uriOf(of)}/input`, headers: { accept: '*/*' }, read: async response => response });
export const getHistory = (of: OperationName): Call<HistoryEvent[]> => ({
  method: 'GET',
  path: `${uriOf(of)}/history`,
  read: async response => (await json<{ events: HistoryEvent[] }>(response)).events,
});
export const getDeliveries = (of: OperationName): Call<DeliveryPage> => ({ method: 'GET', path: `${uriOf(of)}/deliveries`, read: json<DeliveryPage> });

/** Under an id of the caller's: the same again, whatever became of the first, starts nothing new. The content goes beside it when it is a file. */
export const submitOperation = (as: OperationName, query: URLSearchParams, text?: string): Call<Status> => ({ method: 'PUT', path: uriOf(as), query, ...text === undefined ? {} : { text }, read: json<Status> });

export const cancelOperation = (of: OperationName): Call<Status> => ({ method: 'POST', path: `${uriOf(of)}/cancel`, read: json<Status> });
export const resubmitOperation = (of: OperationName): Call<Status> => ({ method: 'POST', path: `${uriOf(of)}/resubmit`, read: json<Status> });
export const deleteOperation = (of: OperationName): Call => ({ method: 'DELETE', path: uriOf(of), read: nothing });
export const moveExpiry = (of: OperationName, expiresAt: string): Call<Status> => ({ method: 'PATCH', path: uriOf(of), json: { expiresAt }, read: json<Status> });
/** A status URI that needs no login, until then. */
export const shareOperation = (of: OperationName, expiresAt: string): Call<{ uri: string }> => ({ method: 'POST', path: `${uriOf(of)}/links`, json: { expiresAt }, read: json<{ uri: string }> });
