import { subscribe } from '../api/callbacks.js';
import { curl } from '../api/curl.js';
import { getStatus, uriOf } from '../api/operations.js';
import type { OperationName } from '../api/shapes.js';

/** A way of waiting, as something to paste. */
export interface Way {
  /** As the history names it. */
  way: string;
  name: string;
  says: string;
  text: string;
}

export function waysOf(of: OperationName, origin: string): Way[] {
  const get = getStatus(of);
  const uri = origin + uriOf(of);
  return [
    { way: 'poll', name: 'Poll', says: 'anyone', text: curl(get, origin) },
    { way: 'longPoll', name: 'Long poll', says: 'behind buffering proxies', text: curl({ ...get, headers: { Prefer: 'wait=30' } }, origin) },
    // Without -N curl would gather what it should show at once.
    { way: 'eventStream', name: 'Server-sent events', says: 'browsers, curl', text: curl({ ...get, headers: { Accept: 'text/event-stream' } }, origin).replace('-sS', '-sSN') },
    { way: 'signalR', name: 'SignalR', says: 'browser apps', text: `import { watch } from '@realtimeops/client';\n\nawait watch('${uri}', { onStatus: console.log }).finished;` },
    { way: 'element', name: 'An element', says: 'any page', text: `<script type="module" src="${origin}/operation-progress.js"></script>\n<operation-progress src="${uri}"></operation-progress>` },
    { way: 'webhook', name: 'Web hook', says: `all of ${of.type}`, text: curl(subscribe({ webhook: 'https://example.com/hook', types: [of.type] }), origin) },
  ];
}
