import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedModel } from '../../src/cascade/index.js';
import type { ReparteeError } from '../../src/core/index.js';
import { createGateway, type Gateway } from '../../src/gateway/index.js';
import { assertBetaServerEvent, assertServerEvent } from '../schemas/openai.js';
import { RawClient } from './raw-client.js';

let gateway: Gateway;
const errors: ReparteeError[] = [];

beforeAll(async () => {
  gateway = await createGateway({
    model: scriptedModel({ turns: [{ says: 'Yes.' }, { says: 'No.' }] }),
    onError: (error) => errors.push(error),
  });
});
afterAll(() => gateway.close());

/** Frames of all kinds: any bytes, any text, any JSON, and events that are nearly right. */
const frames = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ maxLength: 64 }),
    fc.json(),
    fc
      .record({
        type: fc.constantFrom(
          'session.update',
          'input_audio_buffer.append',
          'input_audio_buffer.commit',
          'conversation.item.create',
          'conversation.item.truncate',
          'response.create',
          'response.cancel',
          'nothing.known',
        ),
        session: fc.option(fc.jsonValue()),
        audio: fc.option(fc.string()),
        item: fc.option(fc.jsonValue()),
        response: fc.option(fc.jsonValue()),
        item_id: fc.option(fc.jsonValue()),
        event_id: fc.option(fc.jsonValue()),
      })
      .map((event) =>
        JSON.stringify(Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null))),
      ),
  ),
  { minLength: 1, maxLength: 30 },
);

describe('garbage on the socket', () => {
  it.each([
    ['GA', '/v1/realtime', assertServerEvent],
    ['beta', '/openai/realtime', assertBetaServerEvent],
  ])(
    '%s: any frames → errors as the types have them, and the session goes on',
    async (_name, path, assert) => {
      await fc.assert(
        fc.asyncProperty(frames, async (sent) => {
          const client = await RawClient.open(`${gateway.url}${path}`);
          await client.until('session.created');
          for (const frame of sent) client.send(frame);
          client.send({ type: 'input_audio_buffer.clear' });
          await client.until('input_audio_buffer.cleared');
          for (const event of client.events) assert(event);
          client.close();
          await client.closed;
        }),
        { numRuns: 40 },
      );
      expect(errors).toEqual([]);
    },
  );

  it('any bytes instead of frames, or instead of HTTP → a closed socket, and the gateway goes on', async () => {
    const upgrade = `GET /v1/realtime HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`;
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.uint8Array({ minLength: 1, maxLength: 2000 }),
        async (upgraded, bytes) => {
          const socket = connect(gateway.port, '127.0.0.1');
          socket.on('error', () => {});
          const closed = new Promise((resolve) => socket.on('close', resolve));
          socket.resume();
          if (upgraded) socket.write(upgrade);
          socket.end(bytes);
          await closed;
        },
      ),
      { numRuns: 40 },
    );
    const client = await RawClient.open(`${gateway.url}/v1/realtime`);
    await client.until('session.created');
    client.close();
    await client.closed;
    expect(errors).toEqual([]);
  });
});
