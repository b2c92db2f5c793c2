import type * as R from 'openai/resources/realtime/realtime';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type {
  ClientEvent,
  ClientEventType,
  ServerEvent,
  ServerEventOf,
  ServerEventType,
} from '../../../src/wire/openai/events.js';
import { assertClientEvent, assertServerEvent, eventTypes } from '../../schemas/openai.js';

/**
 * Our types against the official ones. Nullables differ on purpose (the real server sends more nulls than the types
 * know), so nulls are taken out of both sides before they are compared.
 */
type NonNull<T> = T extends string | number | boolean | undefined
  ? T
  : T extends readonly (infer E)[]
    ? NonNull<Exclude<E, null>>[]
    : T extends object
      ? { [K in keyof T]: NonNull<Exclude<T[K], null>> }
      : T;

/** What the real server sends and the types leave out. */
type WithoutExtras<T> = T extends { type: 'session.created' | 'session.updated' } ? Omit<T, 'session'> : T;

/** Where we know more than the types (the union of items is closed there by optional parts), compare names only. */
type Official<T extends ServerEventType> = Extract<R.RealtimeServerEvent, { type: T }>;

describe('our event types and the official ones', () => {
  it('have the same client events', () => {
    expectTypeOf<ClientEventType>().toEqualTypeOf<R.RealtimeClientEvent['type']>();
  });

  it('have the same server events', () => {
    expectTypeOf<ServerEventType>().toEqualTypeOf<R.RealtimeServerEvent['type']>();
  });

  it('what we may send as a server is what the official types read', () => {
    type Ours = { [T in ServerEventType]: NonNull<WithoutExtras<ServerEventOf<T>>> };
    type Theirs = { [T in ServerEventType]: NonNull<WithoutExtras<Official<T>>> };
    type Mismatch = { [T in ServerEventType]: Ours[T] extends Theirs[T] ? never : T }[ServerEventType];
    expectTypeOf<Mismatch>().toEqualTypeOf<never>();
  });

  it('each event has exactly the official fields', () => {
    type Extra = {
      [T in ServerEventType]: Exclude<keyof ServerEventOf<T>, keyof Official<T>>;
    }[ServerEventType];
    type Missing = {
      [T in ServerEventType]: Exclude<keyof Official<T>, keyof ServerEventOf<T>>;
    }[ServerEventType];
    expectTypeOf<Extra>().toEqualTypeOf<never>();
    expectTypeOf<Missing>().toEqualTypeOf<never>();
  });

  it('what we may send as a client is what the official types read', () => {
    type Official =
      | Exclude<R.RealtimeClientEvent, { type: 'response.create' }>
      | R.ResponseCreateEventWithReferencesParam;
    expectTypeOf<NonNull<ClientEvent>>().toExtend<NonNull<Official>>();
  });
});

describe('the schema of the official types', () => {
  it('knows 46 server and 11 client events', () => {
    expect(eventTypes('RealtimeServerEvent')).toHaveLength(46);
    expect(eventTypes('RealtimeClientEvent')).toHaveLength(11);
  });

  const cut: ServerEvent = {
    type: 'conversation.item.truncated',
    event_id: 'event_1',
    item_id: 'item_1',
    content_index: 0,
    audio_end_ms: 100,
  };

  it('takes an event as the types have it', () => {
    assertServerEvent(cut);
    assertClientEvent({
      type: 'response.create',
      response: { input: [{ type: 'item_reference', id: 'item_1' }] },
    });
  });

  it.each([
    ['an unknown type', { type: 'response.cancelled', event_id: 'event_1' }, /no event of type/],
    ['a missing field', { ...cut, item_id: undefined }, /item_id/],
    ['a wrong type', { ...cut, item_id: 7 }, /item_id must be string/],
    ['a fraction where an integer stands', { ...cut, audio_end_ms: 1.5 }, /audio_end_ms is out of range/],
    ['a field that the types do not know', { ...cut, obfuscation: 'xx' }, /obfuscation/],
    ['a null where one must be', { ...cut, item_id: null }, /item_id/],
  ])('refuses %s', (_name, event, message) => {
    expect(() => assertServerEvent(event)).toThrow(message);
  });

  it('tolerates unknown fields and nulls in what others send', () => {
    assertServerEvent({ ...cut, obfuscation: 'xx' }, 'tolerant');
    assertServerEvent(
      {
        type: 'conversation.item.added',
        event_id: 'event_1',
        previous_item_id: null,
        item: {
          id: 'item_1',
          object: 'realtime.item',
          type: 'message',
          status: 'completed',
          role: 'user',
          content: [{ type: 'input_audio', transcript: null }],
        },
      },
      'strict',
    );
  });
});
