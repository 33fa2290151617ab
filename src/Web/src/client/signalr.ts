import { TransportFailure, type Attempt, type Transport } from './transport.js';

/**
 * The SignalR hub. It uses a WebSocket or nothing when there are other transports to fall back to, which do better than SignalR's own
 * substitutes; asked for by name it may use those too.
 */
export function signalr(webSocketsOnly: boolean): Transport {
  return {
    name: 'signalr',

    async run(attempt: Attempt): Promise<void> {
      const { watchHub } = await loadHub();
      await watchHub(attempt, webSocketsOnly);
    },
  };
}

/** Loaded only where it is used: it is larger than all the rest. */
export function loadHub(): Promise<typeof import('./hub.js')> {
  return import('./hub.js').catch((error: unknown) => {
    throw new TransportFailure('refused', 'SignalR cannot be loaded.', error);
  });
}
