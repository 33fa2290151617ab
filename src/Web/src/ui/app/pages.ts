import { html, type TemplateResult } from 'lit';
import type { Route } from './routes.js';

/** A page's code is loaded when it is first shown. Its element is made anew for each operation. */
export async function load(route: Route | undefined): Promise<TemplateResult> {
  switch (route?.page) {
    case undefined:
      await import('./not-found.js');
      return html`<rops-not-found></rops-not-found>`;
    case 'board':
      await import('../board/board-page.js');
      return html`<rops-board-page></rops-board-page>`;
    case 'operation':
      await import('../operation/operation-page.js');
      return html`<rops-operation-page .type=${route.type} .operationId=${route.id}></rops-operation-page>`;
    case 'submit':
      await import('../submit/submit-page.js');
      return html`<rops-submit-page></rops-submit-page>`;
    case 'race':
      await import('../race/race-page.js');
      return html`<rops-race-page></rops-race-page>`;
    case 'callbacks':
      await import('../callbacks/callbacks-page.js');
      return html`<rops-callbacks-page .section=${route.section} .mailbox=${route.mailbox}></rops-callbacks-page>`;
  }
}
