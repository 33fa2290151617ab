import { ProblemError } from '../../client/index.js';
import { json, nothing, type Call } from './call.js';
import { requests, send } from './request.js';
import type { Session } from './shapes.js';

export type SessionState = 'unknown' | 'open' | 'signedIn' | 'signedOut';

const getSession: Call<Session> = { method: 'GET', path: '/session', read: json<Session> };
const endSession: Call = { method: 'DELETE', path: '/session', read: nothing };
const startSession = (key: string): Call => ({ method: 'POST', path: '/session', json: { key }, read: nothing });

/** Who uses the page. Tells `change`. A server without credentials is open to everybody. */
class CurrentSession extends EventTarget {
  state: SessionState = 'unknown';
  /** Only while signed in. */
  who: Session | undefined;
  #expiry: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    requests.addEventListener('signedOut', () => this.#become('signedOut'));
  }

  async load(): Promise<void> {
    try {
      const who = await send(getSession);
      this.#become(who.name === 'anonymous' ? 'open' : 'signedIn', who);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) {
        this.#become('open');
      } else if (!(error instanceof ProblemError && error.status === 401)) {
        throw error;
      }
    }
  }

  /** Rejects with a ProblemError when the key is not good. */
  async signIn(key: string): Promise<void> {
    await send(startSession(key));
    await this.load();
  }

  async signOut(): Promise<void> {
    await send(endSession);
    this.#become('signedOut');
  }

  #become(state: SessionState, who?: Session): void {
    clearTimeout(this.#expiry);
    this.who = who;
    if (who?.expiresAt) {
      // A timer holds no more than 24 days.
      this.#expiry = setTimeout(() => void this.load().catch(() => undefined), Math.min(2 ** 31 - 1, Math.max(1_000, Date.parse(who.expiresAt) - Date.now() + 500)));
    }

    if (state !== this.state) {
      this.state = state;
      this.dispatchEvent(new Event('change'));
    }
  }
}

export const session = new CurrentSession();
