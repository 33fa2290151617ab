/**
 * How far the server's clock is ahead of this one, from what the race itself shows: nothing is heard before it was made, and the operation
 * was not made before it was asked for. The Date header would tell no more than whole seconds.
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

  /** In the middle of what is possible. */
  get ahead(): number {
    if (this.#most === Infinity) {
      return this.#least === -Infinity ? 0 : this.#least;
    }

    // A server's clock that was set meanwhile: that nothing is early counts for more.
    return this.#least === -Infinity ? this.#most : Math.max(this.#least, (this.#least + this.#most) / 2);
  }

  /** By how many milliseconds that may be wrong, in either direction. */
  get uncertainty(): number {
    return Number.isFinite(this.#most - this.#least) ? Math.max(0, (this.#most - this.#least) / 2) : 0;
  }
}
