/** The beginning of an answer's body. */
export interface Part {
  bytes: Uint8Array<ArrayBuffer>;
  /** Of the whole; unknown when the server does not say it. */
  size: number | undefined;
  whole: boolean;
}

/** Reads no more than so many bytes, and lets go of the rest. */
export async function readPart(response: Response, most: number): Promise<Part> {
  const said = Number(response.headers.get('content-length') ?? NaN);
  const pieces: Uint8Array[] = [];
  let length = 0;
  let whole = true;
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); reader && piece && !piece.done; piece = await reader.read()) {
    pieces.push(piece.value);
    length += piece.value.length;
    if (length > most) {
      whole = false;
      await reader.cancel();
      break;
    }
  }

  const bytes = new Uint8Array(Math.min(length, most));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.subarray(0, bytes.length - at), at);
    at += piece.length;
  }

  return { bytes, whole, size: whole ? length : Number.isNaN(said) ? undefined : said };
}

export type PayloadKind = 'json' | 'text' | 'image' | 'other';

/** How a media type can be shown. */
export function kindOf(mediaType: string): PayloadKind {
  const [essence = ''] = mediaType.toLowerCase().split(';');
  const name = essence.trim();
  if (/^application\/(.*\+)?json$|^text\/json$/.test(name)) {
    return 'json';
  }

  if (/^image\/(png|jpeg|gif|webp|avif|svg\+xml|bmp|x-icon)$/.test(name)) {
    return 'image';
  }

  return /^text\/|^application\/(.*\+)?(xml|yaml|jsonl|x-ndjson|javascript|toml|sql)$/.test(name) ? 'text' : 'other';
}

const endings: Record<string, string> = { 'application/json': 'json', 'text/csv': 'csv', 'text/plain': 'txt', 'application/pdf': 'pdf', 'application/zip': 'zip', 'image/svg+xml': 'svg', 'image/jpeg': 'jpg', 'text/html': 'html', 'application/xml': 'xml' };

/** What a download is called. */
export function fileName(name: string, mediaType: string): string {
  const essence = mediaType.toLowerCase().split(';')[0]!.trim();
  const ending = endings[essence] ?? /^(?:image|text)\/([a-z0-9]+)$/.exec(essence)?.[1];
  return ending ? `${name}.${ending}` : name;
}
