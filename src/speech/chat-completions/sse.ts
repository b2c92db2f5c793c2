import { WireError } from '../../core/index.js';

/** Characters of one event; more is no chat completion. */
const maxEventChars = 1_000_000;

/**
 * Reads server-sent events out of bytes that are cut anywhere, also inside a character or between CR and LF. Gives the
 * data of each event; comments and other fields are passed over. (WHATWG HTML, section 9.2.6.)
 * WireError `frame_too_large` for an event that does not end.
 */
export class SseReader {
  readonly #decoder = new TextDecoder();
  #line = '';
  #data: string[] = [];
  #dataChars = 0;
  /** The line before ended with CR: an LF that follows belongs to it. */
  #afterCr = false;

  push(bytes: Uint8Array): string[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The stream is over: gives an event that only its missing blank line held back. */
  end(): string[] {
    const events = this.#read(this.#decoder.decode());
    if (this.#line !== '') this.#endLine(events);
    this.#dispatch(events);
    return events;
  }

  #read(text: string): string[] {
    const events: string[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const sign = text[at];
      if (sign !== '\n' && sign !== '\r') {
        this.#afterCr = false;
        continue;
      }
      if (!(sign === '\n' && this.#afterCr)) {
        this.#line += text.slice(from, at);
        this.#endLine(events);
      }
      this.#afterCr = sign === '\r';
      from = at + 1;
    }
    this.#line += text.slice(from);
    this.#checkSize();
    return events;
  }

  #endLine(events: string[]): void {
    const line = this.#line;
    this.#line = '';
    if (line === '') {
      this.#dispatch(events);
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    // A colon at the start makes a comment, which servers send to keep the connection open.
    if (field !== 'data') return;
    const value = colon < 0 ? '' : line.slice(colon + 1);
    const data = value.startsWith(' ') ? value.slice(1) : value;
    this.#data.push(data);
    this.#dataChars += data.length;
    this.#checkSize();
  }

  #dispatch(events: string[]): void {
    if (this.#data.length > 0) events.push(this.#data.join('\n'));
    this.#data = [];
    this.#dataChars = 0;
  }

  #checkSize(): void {
    if (this.#line.length + this.#dataChars > maxEventChars) {
      throw new WireError(
        'frame_too_large',
        `The server sent an event of more than ${maxEventChars} characters.`,
      );
    }
  }
}
