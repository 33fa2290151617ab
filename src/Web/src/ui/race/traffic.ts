import type { Status } from '../../client/index.js';

/** A browser may give even these an empty stream, and takes none back. */
const bodiless = new Set([204, 205, 304]);

/** The requests of one way to wait, and the bytes that came for them: heads as far as a page sees them, and bodies. */
export class Traffic {
  requests = 0;
  bytes = 0;

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    this.requests++;
    const response = await fetch(input, init);
    this.bytes += headSize(response);
    return response.body && !bodiless.has(response.status) ? new Response(response.body.pipeThrough(this.#counter()), response) : response;
  };

  /** SignalR does not show its requests: there is one to negotiate, and one that becomes the WebSocket. */
  hubConnected(): void {
    this.requests += 2;
  }

  /** Nor its messages: this is one as its JSON protocol writes it, in a frame of a WebSocket. */
  hubMessage(status: Status): void {
    this.bytes += hubMessageSize(status);
  }

  #counter(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    return new TransformStream({
      transform: (piece, controller) => {
        this.bytes += piece.byteLength;
        controller.enqueue(piece);
      },
    });
  }
}

/** Of an answer in HTTP/1.1: the status line, a line for each header, and the blank line. */
export function headSize({ status, statusText, headers }: Pick<Response, 'status' | 'statusText' | 'headers'>): number {
  let size = `HTTP/1.1 ${status} ${statusText}\r\n\r\n`.length;
  headers.forEach((value, name) => {
    size += name.length + value.length + 4;
  });
  return size;
}

export function hubMessageSize(item: unknown): number {
  const size = new TextEncoder().encode(`${JSON.stringify({ type: 2, invocationId: '0', item })}\u001e`).length;
  return size + (size < 126 ? 2 : 4);
}
