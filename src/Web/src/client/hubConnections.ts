import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { Target } from './transport.js';

interface Entry {
  readonly connection: Promise<HubConnection>;
  users: number;
}

/** The open connections of this page, one per hub: many watches share one. */
const open = new Map<string, Entry>();

/** Opens the connection, or shares the one that is open. It is closed when its last user has released it. */
export function acquireHub(url: string, target: Target, webSocketsOnly: boolean): { connection: Promise<HubConnection>; release: () => void } {
  const key = `${webSocketsOnly} ${url}`;
  let entry = open.get(key);
  if (!entry) {
    const created: Entry = { connection: connect(url, target, webSocketsOnly, () => forget(key, created)), users: 0 };
    created.connection.catch(() => forget(key, created));
    open.set(key, created);
    entry = created;
  }

  const held = entry;
  held.users++;
  return {
    connection: held.connection,
    release: () => {
      if (--held.users === 0) {
        forget(key, held);
        held.connection.then(connection => connection.stop()).catch(() => undefined);
      }
    },
  };
}

/** A connection that has failed is nobody's to share. */
function forget(key: string, entry: Entry): void {
  if (open.get(key) === entry) {
    open.delete(key);
  }
}

async function connect(url: string, target: Target, webSocketsOnly: boolean, closed: () => void): Promise<HubConnection> {
  const accessTokenFactory = () => token(target);
  const connection = new HubConnectionBuilder()
    // Without the negotiation the connection is one request, and need not find the same node twice.
    .withUrl(url, webSocketsOnly ? { skipNegotiation: true, transport: HttpTransportType.WebSockets, accessTokenFactory } : { accessTokenFactory })
    // The watch itself reports what fails.
    .configureLogging(LogLevel.None)
    .build();
  connection.onclose(closed);
  await connection.start();
  return connection;
}

/** A WebSocket of a browser sends no headers: the credential goes along as a token. */
async function token(target: Target): Promise<string> {
  const headers = await target.headers();
  return headers.get('authorization')?.replace(/^Bearer\s+/i, '') ?? headers.get('x-api-key') ?? '';
}
