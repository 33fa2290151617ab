import { problemOf } from '../../client/index.js';
import { pathOf, type Call } from './call.js';
import { requests } from './request.js';

export interface Sent {
  sent: number;
  total: number;
}

/** The connection broke before there was an answer. */
export class Cut extends Error {
  override readonly name = 'Cut';
  readonly percent: number;

  constructor({ sent, total }: Sent) {
    super('The connection was cut.');
    this.percent = total > 0 ? Math.floor(sent / total * 100) : 0;
  }
}

/** Sends it as `send` does, and tells how far it is: fetch cannot. Rejects with a Cut when there is no answer. */
export function upload<T>(call: Call<T>, content: Blob | string, contentType: string, { signal, onProgress }: { signal: AbortSignal; onProgress: (sent: Sent) => void }): Promise<T> {
  const request = new XMLHttpRequest();
  let progress: Sent = { sent: 0, total: 0 };
  return new Promise<T>((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.open(call.method, pathOf(call));
    request.responseType = 'blob';
    for (const [name, value] of Object.entries({ accept: 'application/json', ...call.headers, 'content-type': contentType })) {
      request.setRequestHeader(name, value);
    }

    request.upload.onprogress = ({ loaded, total }) => {
      progress = { sent: loaded, total };
      onProgress(progress);
    };
    request.onload = () => resolve(read(call, request));
    request.onerror = () => reject(new Cut(progress));
    request.onabort = () => reject(signal.reason);
    request.send(content);
  });
}

async function read<T>(call: Call<T>, request: XMLHttpRequest): Promise<T> {
  const response = new Response(request.response as Blob, { status: request.status, headers: { 'content-type': request.getResponseHeader('content-type') ?? '' } });
  if (response.ok) {
    return call.read(response);
  }

  if (response.status === 401) {
    requests.dispatchEvent(new Event('signedOut'));
  }

  throw await problemOf(response);
}
