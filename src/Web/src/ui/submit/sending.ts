import type { Status } from '../../client/index.js';
import { upload } from '../api/upload.js';
import { bytes, duration } from '../components/format.js';
import { Speed } from './speed.js';
import type { Submission } from './submission.js';

/** A submission on its way. */
export interface Sending {
  percent: number;
  words: string;
  stop: AbortController;
}

/** Why it was stopped, when a person did so. */
export const stopped = new Error('The person canceled it.');

/** Sends it, and tells how far it is; with nothing when it is over. */
export async function sendAlong({ call, content, contentType }: Submission, tell: (sending: Sending | undefined) => void): Promise<Status> {
  const stop = new AbortController();
  const speed = new Speed();
  tell({ percent: 0, words: '', stop });
  try {
    return await upload(call, content, contentType, {
      signal: stop.signal,
      onProgress: ({ sent, total }) => {
        const rate = speed.add(sent, performance.now());
        const left = rate ? `, ${bytes(rate)}/s, ${duration((total - sent) / rate * 1_000)} left` : '';
        tell({ percent: Math.floor(sent / total * 100), words: sent < total ? `${bytes(sent)} of ${bytes(total)}${left}` : `All ${bytes(total)} are sent; waiting for the answer`, stop });
      },
    });
  } finally {
    tell(undefined);
  }
}
