export type PageName = 'board' | 'operation' | 'submit' | 'race' | 'callbacks';

/** Which page an address shows. */
export type Route =
  | { page: Exclude<PageName, 'operation'> }
  | { page: 'operation'; type: string; id: string };

const simple = { submit: '/ui/submit', race: '/ui/race', callbacks: '/ui/callbacks' } as const;

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

  const [, type, id] = /^\/ui\/operations\/([^/]+)\/([^/]+)$/.exec(plain) ?? [];
  try {
    return type !== undefined && id !== undefined ? { page: 'operation', type: decodeURIComponent(type), id: decodeURIComponent(id) } : undefined;
  } catch {
    return undefined;
  }
}

export const hrefs = {
  board: '/',
  ...simple,
  operation: ({ type, id }: { type: string; id: string }): string => `/ui/operations/${encodeURIComponent(type)}/${encodeURIComponent(id)}`,
} as const;
