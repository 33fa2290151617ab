/** What a way of waiting costs: its requests, and what came in for them. */
export class Meter {
  requests = 0;
  bytes = 0;

  /** A fetch that counts: bodies as their pieces come, and heads as HTTP/1.1 would write what a page can see of them. */
  readonly fetch: typeof fetch = async (input, init) => {
    this.requests++;
    const response = await fetch(input, init);
    this.bytes += headOf(response);
    if (!response.body || [204, 205, 304].includes(response.status)) {
      return response;
    }

    const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (piece, out) => {
        this.bytes += piece.byteLength;
        out.enqueue(piece);
      },
    });
    return new Response(response.body.pipeThrough(counted), response);
  };

  /** Counts the hub's requests as the browser tells of them. Of WebSockets it tells nothing: each negotiation leads to one, unless a substitute was needed. Answers how to stop. */
  observeHub(): () => void {
    const names: string[] = [];
    const observer = new PerformanceObserver(list => {
      names.push(...list.getEntries().map(({ name }) => name).filter(name => name.includes('/hubs/operations')));
      const negotiations = names.filter(name => name.includes('/negotiate')).length;
      this.requests = names.length === negotiations ? negotiations * 2 : names.length;
    });
    observer.observe({ type: 'resource' });
    return () => observer.disconnect();
  }

  /** The hub was reached: what the heads of a negotiation and of a WebSocket come to, more or less. */
  hubConnected(): void {
    this.bytes += 800;
  }

  /** An item of a hub's stream, with the frame and the message that it comes in. */
  hubItem(item: unknown): void {
    this.bytes += new TextEncoder().encode(JSON.stringify(item)).length + 47;
  }
}

function headOf({ status, statusText, headers }: Response): number {
  const lines = [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  return `HTTP/1.1 ${status} ${statusText}\r\n`.length + lines + 2;
}
