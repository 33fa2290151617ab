// What an app does with the hub, in its own words: run by Node.js and by Chromium, with the real @microsoft/signalr.

/** @type {Record<string, (hub: Hub) => Promise<void>>} */
export const journeys = {
  async watch(hub) {
    const status = await hub.submit('watched', { steps: 30, stepMs: 30, message: 'Seen.' });
    for (const uri of [status.uri, new URL(status.uri).pathname]) {
      const seen = await hub.all('Watch', uri, null);
      check(rises(seen.map(({ version }) => version)), 'The versions do not rise.');
      check(seen.at(-1).progress === 100 && seen.at(-1).message === 'Seen.', 'The end is missing.');
    }

    const final = (await hub.all('Watch', status.uri, null)).at(-1);
    const known = await hub.all('Watch', status.uri, final.version);
    check(known.length === 0, 'What the client has is sent again.');
    const older = await hub.all('Watch', status.uri, final.version - 1);
    check(older.length === 1 && older[0].version === final.version, 'Not exactly the newest.');
  },

  async live(hub) {
    const { uri } = await hub.submit('live', { steps: 100, stepMs: 50 });
    const seen = await hub.all('Watch', uri, null);
    check(seen.length > 15, `Only ${seen.length} of 100 steps were shown.`);
    check(rises(seen.map(({ progress }) => progress)), 'The progress falls.');
  },

  async follow(hub) {
    const tags = { of: 'follow' };
    const before = await hub.submit('before', { steps: 10_000, stepMs: 50 }, tags);
    await hub.submit('untagged', { steps: 10_000, stepMs: 50 });
    const first = hub.stream('Follow', { type: 'demo.steps', tags }, null);
    const opening = await first.until(event => event.ready);
    check(opening.filter(event => event.status).every(event => event.status.tags?.of === 'follow'), 'The filter lets others through.');
    check(opening.some(event => event.status?.uri === before.uri), 'What was there is missing.');
    check(!opening.some(event => event.reset), 'A reset without a position.');
    const after = await hub.submit('after', { steps: 5, stepMs: 10 }, tags);
    const [end] = (await first.until(event => event.status?.uri === after.uri && event.status.progress === 100)).slice(-1);
    first.close();

    // Away: what changes now must come afterwards, and nothing else of what has ended.
    const missed = await hub.submit('missed', { steps: 1, stepMs: 1 }, tags);
    await hub.all('Watch', missed.uri, null);
    const second = hub.stream('Follow', { tags }, end.position);
    const caughtUp = await second.until(event => event.ready);
    check(caughtUp.some(event => event.status?.uri === missed.uri && event.status.progress === 100), 'A change was missed.');
    check(!caughtUp.some(event => event.status?.uri === after.uri), 'The position was not honoured.');
    await hub.remove(missed.uri);
    await second.until(event => event.gone === missed.uri);
    second.close();

    const third = hub.stream('Follow', { state: ['succeeded'], tags }, 'no position of ours');
    const anew = await third.until(event => event.ready);
    check(anew[0].reset === true, 'An unknown position is no reset.');
    check(anew.some(event => event.status?.uri === after.uri), 'What ended lately is missing after the reset.');
    check(!anew.some(event => event.status?.uri === before.uri), 'The filter of states lets others through.');
    third.close();
  },

  async refusals(hub) {
    await refused(hub.all('Watch', '/operations/demo.steps/nowhere', null), 'not-found');
    await refused(hub.all('Watch', 'not a uri', null), 'bad-request');
    await refused(hub.all('Watch', 'file:///operations', null), 'bad-request');
    await refused(hub.all('Follow', { type: 'no.such' }, null), 'unknown-type');
    await refused(hub.all('Follow', { state: ['sleeping'] }, null), 'bad-request');
    const gone = await hub.submit('gone', { steps: 1, stepMs: 1 });
    await hub.all('Watch', gone.uri, null);
    await hub.remove(gone.uri);
    await refused(hub.all('Watch', gone.uri, null), 'gone');
    // And the connection lives on.
    const { uri } = await hub.submit('next', { steps: 1, stepMs: 1 });
    check((await hub.all('Watch', uri, null)).at(-1).progress === 100, 'The connection did not outlive the refusals.');
  },

  /** Watches with several streams what the test has submitted, and takes nothing for a while. Says how many snapshots it was given. */
  async slow(hub) {
    let slept = false;
    const streams = await Promise.all(Array.from({ length: 8 }, () => hub.all('Watch', '/operations/demo.steps/slow', null, () => {
      if (!slept) {
        slept = true;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_000);
      }
    })));
    check(streams.every(seen => seen.at(-1).progress === 100), 'The end is missing.');
    console.log(streams.reduce((sum, seen) => sum + seen.length, 0) / streams.length);
  },
};

/** Runs one. @param signalR the package @microsoft/signalr @param base the gateway's address @param transport webSockets, serverSentEvents or longPolling */
export async function run(signalR, base, transport, journey) {
  const connection = new signalR.HubConnectionBuilder()
    .withUrl(new URL('/hubs/operations', base).href, signalR.HttpTransportType[transport[0].toUpperCase() + transport.slice(1)])
    .configureLogging(signalR.LogLevel.Error)
    .build();
  await connection.start();
  try {
    await journeys[journey](new Hub(connection, base));
  } finally {
    await connection.stop();
  }
}

class Hub {
  #connection;
  #base;

  constructor(connection, base) {
    this.#connection = connection;
    this.#base = base;
  }

  async submit(id, input, tags = {}) {
    const query = new URLSearchParams(Object.entries(tags).map(([name, value]) => [`tag.${name}`, value]));
    const response = await fetch(new URL(`/operations/demo.steps/${id}?${query}`, this.#base), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    check(response.ok, `Not accepted: ${response.status}`);
    return response.json();
  }

  async remove(uri) {
    check((await fetch(uri, { method: 'DELETE' })).status === 204, 'Not deleted.');
  }

  /** All items of a stream to its end. */
  all(method, first, second, each = () => undefined) {
    const items = [];
    return new Promise((resolve, reject) => this.#connection.stream(method, first, second).subscribe({
      next: item => {
        items.push(item);
        each(item);
      },
      complete: () => resolve(items),
      error: reject,
    }));
  }

  /** A stream without an end, read in portions. */
  stream(method, first, second) {
    const items = [];
    let wake = () => undefined;
    let failure;
    const subscription = this.#connection.stream(method, first, second).subscribe({
      next: item => {
        items.push(item);
        wake();
      },
      complete: () => {
        failure = new Error('The stream has ended.');
        wake();
      },
      error: error => {
        failure = error;
        wake();
      },
    });
    return {
      async until(wanted) {
        const portion = [];
        for (;;) {
          for (let item = items.shift(); item; item = items.shift()) {
            portion.push(item);
            if (wanted(item)) {
              return portion;
            }
          }

          if (failure) {
            throw failure;
          }

          await new Promise(resolve => {
            wake = resolve;
          });
        }
      },
      close: () => subscription.dispose(),
    };
  }
}

const rises = numbers => numbers.every((number, index) => index === 0 || number >= numbers[index - 1]);

async function refused(stream, name) {
  const error = await stream.then(() => undefined, reason => reason);
  // SignalR puts its own words before the message of a HubException.
  check(error !== undefined && error.message.includes(`HubException: urn:realtimeops:${name}: `), `Refused otherwise: ${error?.message}`);
}

function check(holds, complaint) {
  if (!holds) {
    throw new Error(complaint);
  }
}
