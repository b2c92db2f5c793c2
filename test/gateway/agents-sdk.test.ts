import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clinic, Stand, utterance } from './stand.js';

let stand: Stand | undefined;
let session: RealtimeSession | undefined;

afterEach(async () => {
  session?.close();
  await stand?.close();
  stand = undefined;
});

/** The SDK as its users set it up; nothing of it is changed. */
async function connected() {
  stand = await Stand.open(clinic);
  const asked: unknown[] = [];
  const hours = tool({
    name: 'opening_hours',
    description: 'When the clinic is open.',
    parameters: z.object({ day: z.string() }),
    execute: async (args) => {
      asked.push(args);
      return JSON.stringify({ from: 'nine', to: 'five' });
    },
  });
  const agent = new RealtimeAgent({ name: 'Desk', instructions: 'You are a clinic.', tools: [hours] });
  session = new RealtimeSession(agent, {
    transport: new OpenAIRealtimeWebSocket({ url: stand.url }),
    model: 'gpt-realtime',
  });
  const errors: unknown[] = [];
  session.on('error', (error) => errors.push(error));
  await session.connect({ apiKey: 'any' });
  return { stand, session, asked, errors };
}

function transcripts(of: RealtimeSession): string[] {
  return of.history.flatMap((item) =>
    item.type === 'message'
      ? item.content.map((part) => ('transcript' in part ? (part.transcript ?? '') : ''))
      : [],
  );
}

describe('@openai/agents-realtime, unmodified, over plain ws', () => {
  it('speaks, hears a tool called and the answer, cuts it off, and goes on', async () => {
    const { stand, session, asked, errors } = await connected();
    let heardBytes = 0;
    session.on('audio', (event) => {
      heardBytes += event.data.byteLength;
    });
    const interrupted = new Promise((resolve) => session.once('audio_interrupted', resolve));

    session.sendAudio(utterance().buffer);
    // The answer after the tool is under way; a few clauses of it are out.
    await stand.when(() =>
      /nine.*five/.test(
        stand
          .sent('response.output_audio_transcript.delta')
          .map((e) => e.delta)
          .join(''),
      ),
    );
    expect(asked).toEqual([{ day: 'tomorrow' }]);
    expect(heardBytes).toBeGreaterThan(0);

    session.sendAudio(utterance().buffer);
    await interrupted;
    const done = await stand.until('response.done', 2);
    expect(done.response.status_details).toEqual({ type: 'cancelled', reason: 'turn_detected' });
    const cut = await stand.until('conversation.item.truncated');
    expect(cut.item_id).toBe(done.response.output[0]?.id);

    const bye = await stand.until('response.done', 3);
    expect(bye.response).toMatchObject({ status: 'completed' });
    // The SDK learns of it a moment after the wire.
    while (!transcripts(session).includes('Goodbye.')) {
      await new Promise((resolve) => session.once('history_updated', resolve));
    }
    expect(transcripts(session)).toEqual(
      expect.arrayContaining([
        'When do you open tomorrow?',
        'Let me look.',
        'Thank you, goodbye.',
        'Goodbye.',
      ]),
    );
    expect(errors).toEqual([]);
    expect(stand.sent('error')).toEqual([]);
    expect(stand.errors).toEqual([]);
  });

  it('typed text gets a spoken answer', async () => {
    const { stand, session, errors } = await connected();
    session.sendMessage('When do you open?');
    const done = await stand.until('response.done', 2);
    expect(done.response.output[0]).toMatchObject({ role: 'assistant' });
    expect(errors).toEqual([]);
  });

  it('edits of the history become deletes and creates', async () => {
    const { stand, session, errors } = await connected();
    session.sendMessage('When do you open?');
    await stand.until('response.done', 2);
    const kept = session.history.filter((item) => item.type === 'message' && item.role === 'user');
    session.updateHistory(kept);
    await stand.until('conversation.item.deleted', 2);
    expect(errors).toEqual([]);
  });
});
