/**
 * How far the server's clock is ahead of this one, from what the race itself shows: nothing is heard before it was made, and the operation
 * was not made before it was asked for. As far as that allows, the clocks are taken to agree, as clocks that somebody keeps do.
 */
export class ClockBounds {
  #least = -Infinity;
  #most = Infinity;

  /** The server did it, at that time of its clock, after it was asked. It cuts the fractions of a millisecond off. */
  asked(at: number, done: number): void {
    this.#most = Math.min(this.#most, done + 1 - at);
  }

  /** It was made, at that time of the server's clock, before it was heard. */
  heard(at: number, made: number): void {
    this.#least = Math.max(this.#least, made - at);
  }

  /** A server's clock that was set meanwhile contradicts itself: that nothing came early counts for more. */
  get ahead(): number {
    return Math.max(this.#least, Math.min(this.#most, 0));
  }

  /** By how many milliseconds less, or more, everything may in truth have been late. */
  get doubt(): { less: number; more: number } {
    return { less: Math.max(0, this.ahead - this.#least), more: Math.max(0, this.#most - this.ahead) };
  }
}
