/** A request, described before it is sent: so that the page can send it, and show it as a curl command. */
export interface Call<T = void> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root of the server, already escaped. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** JSON that is sent as it is written, instead. */
  readonly text?: string;
  /** What the answer, a success, means. */
  readonly read: (response: Response) => Promise<T>;
}

export const json = <T>(response: Response): Promise<T> => response.json() as Promise<T>;
export const nothing = async (): Promise<void> => undefined;

export function pathOf({ path, query }: Pick<Call, 'path' | 'query'>): string {
  const search = query?.toString() ?? '';
  return search ? `${path}?${search}` : path;
}
