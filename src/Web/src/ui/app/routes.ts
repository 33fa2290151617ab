export type PageName = 'board' | 'operation' | 'submit' | 'race' | 'callbacks';

export type CallbacksSection = 'subscriptions' | 'deliveries' | 'mailboxes';

/** Which page an address shows. */
export type Route =
  | { page: Exclude<PageName, 'operation' | 'callbacks'> }
  | { page: 'callbacks'; section: CallbacksSection; mailbox?: string }
  | { page: 'operation'; type: string; id: string };

const simple = { submit: '/ui/submit', race: '/ui/race' } as const;
const callbacks: Record<CallbacksSection, string> = { subscriptions: '/ui/callbacks', deliveries: '/ui/callbacks/deliveries', mailboxes: '/ui/callbacks/mailboxes' };

/** The route of a path; none when there is no such page. */
export function routeOf(path: string): Route | undefined {
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path;
  if (plain === '/' || plain === '/ui') {
    return { page: 'board' };
  }

  for (const [page, at] of Object.entries(simple)) {
    if (plain === at) {
      return { page: page as keyof typeof simple };
    }
  }

  for (const [section, at] of Object.entries(callbacks)) {
    if (plain === at) {
      return { page: 'callbacks', section: section as CallbacksSection };
    }
  }

  try {
    const [, type, id] = named(/^\/ui\/operations\/([^/]+)\/([^/]+)$/, plain);
    const [, mailbox] = named(/^\/ui\/callbacks\/mailboxes\/([^/]+)$/, plain);
    return type !== undefined && id !== undefined ? { page: 'operation', type, id } : mailbox !== undefined ? { page: 'callbacks', section: 'mailboxes', mailbox } : undefined;
  } catch {
    return undefined;
  }
}

const named = (pattern: RegExp, path: string): string[] => (pattern.exec(path) ?? []).map(decodeURIComponent);

export const hrefs = {
  board: '/',
  ...simple,
  callbacks: callbacks.subscriptions,
  ...callbacks,
  deliveriesOf: (filter: Record<string, string>): string => `${callbacks.deliveries}?${new URLSearchParams(filter)}`,
  mailbox: (name: string): string => `${callbacks.mailboxes}/${encodeURIComponent(name)}`,
  operation: ({ type, id }: { type: string; id: string }): string => `/ui/operations/${encodeURIComponent(type)}/${encodeURIComponent(id)}`,
} as const;
