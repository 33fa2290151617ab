export interface StreamEvent {
  /** 'message' unless the stream names it. */
  type: string;
  data: string;
  /** The last id that the stream has told, with this event or before; '' for none. */
  id: string;
}

/**
 * Parses text/event-stream as the WHATWG defines it, from pieces cut anywhere. An event, and an id, counts only once its blank line has come.
 */
export class EventStreamParser {
  #line = '';
  #afterCarriageReturn = false;
  #type = '';
  #data: string[] = [];
  #id = '';

  push(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    let start = 0;
    if (this.#afterCarriageReturn && text.length > 0) {
      this.#afterCarriageReturn = false;
      start = text[0] === '\n' ? 1 : 0;
    }

    const lineEnd = /\r\n?|\n/g;
    lineEnd.lastIndex = start;
    for (let end = lineEnd.exec(text); end; end = lineEnd.exec(text)) {
      const line = this.#line + text.slice(start, end.index);
      this.#line = '';
      start = lineEnd.lastIndex;
      // The line feed that belongs to it may come with the next piece.
      this.#afterCarriageReturn = end[0] === '\r' && start === text.length;
      if (line === '') {
        this.#dispatch(events);
      } else {
        this.#field(line);
      }
    }

    this.#line += text.slice(start);
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'event') {
      this.#type = value;
    } else if (name === 'id' && !value.includes('\0')) {
      this.#id = value;
    }
  }

  #dispatch(events: StreamEvent[]): void {
    if (this.#data.length > 0) {
      events.push({ type: this.#type || 'message', data: this.#data.join('\n'), id: this.#id });
    }

    this.#type = '';
    this.#data = [];
  }
}
