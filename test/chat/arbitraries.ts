import fc from 'fast-check';
import type { ChatItem, ChatPart } from '../../src/chat/index.js';

const time = fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined });
const text = fc.string({ maxLength: 8 });

const part: fc.Arbitrary<ChatPart> = fc.oneof(
  text.map((t): ChatPart => ({ kind: 'text', text: t })),
  fc.option(text).map((transcript): ChatPart => ({ kind: 'audio', transcript })),
  fc.uint8Array({ maxLength: 20 }).map((data): ChatPart => ({ kind: 'image', mime: 'image/png', data })),
);

const timed = (createdAt: number | undefined) => (createdAt === undefined ? {} : { createdAt });

/** One item of any kind with the given id; calls are shared so that outputs often have one. */
export function itemWithId(id: string): fc.Arbitrary<ChatItem> {
  const call = fc.constantFrom('call_a', 'call_b', 'call_c');
  const name = fc.constantFrom('book', 'cancel');
  return fc.oneof(
    fc
      .record({
        role: fc.constantFrom('user' as const, 'assistant' as const, 'system' as const, 'developer' as const),
        parts: fc.array(part, { maxLength: 3 }),
        interrupted: fc.boolean(),
        heard: fc.constantFrom('heard' as const, 'partly' as const, 'unheard' as const, undefined),
        at: time,
      })
      .map(
        ({ at, heard, ...rest }): ChatItem => ({
          kind: 'message',
          id,
          ...rest,
          ...(heard === undefined ? {} : { heard, heardMs: 120, heardText: 'so' }),
          ...timed(at),
        }),
      ),
    fc
      .record({ call, name, args: text, at: time })
      .map(({ at, ...rest }): ChatItem => ({ kind: 'function_call', id, ...rest, ...timed(at) })),
    fc
      .record({ call, output: text, isError: fc.boolean(), at: time })
      .map(({ at, ...rest }): ChatItem => ({ kind: 'function_output', id, ...rest, ...timed(at) })),
    time.map((at): ChatItem => ({ kind: 'handoff', id, from: 'desk', to: 'nurse', ...timed(at) })),
    time.map((at): ChatItem => ({ kind: 'config_update', id, toolsAdded: ['book'], ...timed(at) })),
  );
}

/** A conversation of up to 14 items over a small alphabet of ids, so that two of them overlap. */
export const conversation: fc.Arbitrary<ChatItem[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 19 }), { maxLength: 14 })
  .chain((ids) => fc.tuple(...ids.map((id) => itemWithId(`i${id}`))));
