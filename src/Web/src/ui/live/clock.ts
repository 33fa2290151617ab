/** How far the server's clock is ahead of this one. */
let ahead = 0;
/** The header counts whole seconds, and an answer takes its time: less says nothing. */
const certain = 2_000;

/** What an answer's Date header tells. */
export function observe(date: string | null): void {
  const difference = date ? Date.parse(date) - Date.now() : NaN;
  if (!Number.isNaN(difference)) {
    ahead = Math.abs(difference) > certain ? difference : 0;
  }
}

/** The server's time, as far as this page knows it: all times in a Status are the server's. */
export const serverNow = (): number => Date.now() + ahead;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Calls back once a second while the page is seen, with one timer for all; answers how to stop. */
export function everySecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (!document.hidden) {
      listeners.forEach(call => call());
    }
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}
