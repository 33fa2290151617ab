import type { Call } from './call.js';
import { send } from './request.js';
import type { PageQuery } from './shapes.js';

const largest = 200;

export interface Listed<T> {
  items: T[];
  /** Whether the server has more. */
  more: boolean;
}

/** The first so many of a list, page by page. */
export async function listed<P extends { nextPageToken?: string }, T>(call: (page: PageQuery) => Call<P>, itemsOf: (page: P) => T[], most: number, signal: AbortSignal): Promise<Listed<T>> {
  const items: T[] = [];
  let pageToken: string | undefined;
  do {
    const page = await send(call({ pageSize: Math.min(largest, most - items.length), ...pageToken === undefined ? {} : { pageToken } }), { signal });
    items.push(...itemsOf(page));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && items.length < most);

  return { items, more: pageToken !== undefined };
}
