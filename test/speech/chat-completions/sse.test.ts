import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseReader } from '../../../src/speech/chat-completions/sse.js';

function read(pieces: readonly Uint8Array[]): string[] {
  const reader = new SseReader();
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('SseReader', () => {
  it.each([
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['several lines of data', 'data: a\ndata: b\n\n', ['a\nb']],
    ['no space, more spaces', 'data:a\n\ndata:  b\n\n', ['a', ' b']],
    ['comments and other fields', ': ping\nevent: x\nid: 1\nretry: 5\ndata: a\n\n: ping\n\n', ['a']],
    ['empty data', 'data\n\ndata:\n\n', ['', '']],
    ['no blank line at the end', 'data: a\n\ndata: b', ['a', 'b']],
    ['a byte order mark', '\ufeffdata: a\n\n', ['a']],
    ['nothing', '', []],
  ])('%s', (_name, text, events) => expect(read([bytes(text)])).toEqual(events));

  it('gives the same events however the bytes are cut', () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n\ufeff]/g, ' '));
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(20)),
        (lines, end, cuts) => {
          const whole = bytes(lines.map((text) => `: c${end}data: ${text}${end}${end}`).join(''));
          const pieces: Uint8Array[] = [];
          let at = 0;
          for (const cut of cuts) {
            pieces.push(whole.subarray(at, at + cut));
            at += cut;
          }
          pieces.push(whole.subarray(at));
          expect(read(pieces)).toEqual(read([whole]));
          expect(read([whole])).toEqual(lines.map((text) => new TextDecoder().decode(bytes(text))));
        },
      ),
    );
  });

  it('stops at an event without end', () => {
    const reader = new SseReader();
    const endless = () => {
      for (let i = 0; i < 200; i++) reader.push(bytes('x'.repeat(10_000)));
    };
    expect(endless).toThrow('more than 1000000 characters');
  });
});
