import { routeOf, type Route } from './routes.js';

/** Where the page is. Tells `route` when it has changed, and `query` when only the query has. */
class Router extends EventTarget {
  #path = location.pathname;

  get route(): Route | undefined {
    return routeOf(location.pathname);
  }

  get query(): URLSearchParams {
    return new URLSearchParams(location.search);
  }

  /** Links need nothing special: every plain click on one to a page of ours comes here. */
  start(): void {
    window.addEventListener('popstate', () => this.#tell());
    document.addEventListener('click', event => {
      const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;
      if (plain && link && link.origin === location.origin && !link.target && !link.hasAttribute('download') && routeOf(link.pathname)) {
        event.preventDefault();
        if (!link.hash || link.pathname !== location.pathname) {
          this.go(link.pathname + link.search);
        }
      }
    });
  }

  go(href: string): void {
    history.pushState(null, '', href);
    this.#tell();
  }

  /** Puts the query into the address, as what the page shows changes: no new entry in the history. */
  setQuery(query: URLSearchParams): void {
    const search = query.toString();
    history.replaceState(history.state, '', search ? `?${search}` : location.pathname);
  }

  #tell(): void {
    const changed = this.#path !== location.pathname;
    this.#path = location.pathname;
    this.dispatchEvent(new Event(changed ? 'route' : 'query'));
  }
}

export const router = new Router();
