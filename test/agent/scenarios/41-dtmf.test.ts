import { describe, expect, test } from 'vitest';
import { Agent, AgentSession, type AgentSessionOptions } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { countedIds, type DtmfKey, type Transport } from '../../../src/core/index.js';
import { FakeClock, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { hello, pagePair } from '../../transports/browser/fake-page.js';

const script = {
  greeting: 'Please enter your number and press the hash key, or just tell it to me.',
  turns: [
    { hears: '', says: 'Thank you.' },
    { hears: '', says: 'And thank you again.' },
  ],
};

async function call(transport: Transport, clock: FakeClock, options: Partial<AgentSessionOptions> = {}) {
  const model = recordedModel(scriptedModel(script));
  const session = new AgentSession({ llm: model, clock, ids: countedIds(), ...options });
  const events: string[] = [];
  session.on('dtmf_pressed', ({ key }) => events.push(key));
  session.on('dtmf_received', ({ digits, ended }) => events.push(`${digits} ${ended}`));
  session.on('speech_interrupted', ({ by }) => events.push(`interrupted by ${by}`));
  session.on('error', ({ code }) => events.push(`error ${code}`));
  const agent = new Agent({ instructions: '', onEnter: ({ session }) => void session.generateReply() });
  const started = session.start({ agent, transport });
  await clock.advance(1);
  await started;
  const typed = () =>
    session.history.items.flatMap((item) =>
      item.kind === 'message' && item.role === 'user'
        ? item.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))
        : [],
    );
  const answers = () =>
    session.history.items.flatMap((item) =>
      item.kind === 'message' && item.role === 'assistant' ? [`${item.heard}`] : [],
    );
  const close = async () => {
    await Promise.all([session.close(), clock.advance(10_000)]);
    model.assertLegal();
    expect(clock.pending).toBe(0);
  };
  return { session, events, typed, answers, close };
}

describe('41. DTMF "123#"', () => {
  test('rapid, while the agent speaks: digits in order, the agent stops, the model is told once', async () => {
    const clock = new FakeClock();
    const transport = new MemoryTransport({ clock, openMic: true });
    const { session, events, typed, answers, close } = await call(transport, clock);
    await clock.advance(400);
    expect(session.agentState).toBe('speaking');
    transport.press('1', '2', '3', '#');
    await clock.advance(3_000);
    expect(events).toEqual(['1', '2', '3', '#', '123 terminator', 'interrupted by user']);
    expect(typed()).toEqual(['The caller pressed these keys of the telephone: 1 2 3 #']);
    expect(answers()).toEqual(['partly', 'heard']);
    await close();
  });

  test('paced, then silence: flushed by the timeout; the digits after it are another number', async () => {
    const clock = new FakeClock();
    const transport = new MemoryTransport({ clock, openMic: true });
    const { events, typed, close } = await call(transport, clock, { dtmf: { timeoutMs: 1_500 } });
    await clock.advance(6_000);
    for (const key of ['1', '2', '3'] as const) {
      transport.press(key);
      await clock.advance(1_000);
    }
    expect(typed()).toEqual([]);
    await clock.advance(500);
    expect(typed()).toEqual(['The caller pressed these keys of the telephone: 1 2 3']);
    transport.press('9');
    await clock.advance(1_500);
    expect(events).toEqual(['1', '2', '3', '123 timeout', '9', '9 timeout']);
    await close();
  });

  test('while the caller speaks: told all the same, in the order of pressing', async () => {
    const clock = new FakeClock();
    const transport = new MemoryTransport({ clock, openMic: true });
    const { session, events, close } = await call(transport, clock);
    await clock.advance(6_000);
    const voice = Int16Array.from({ length: 24_000 }, (_, i) => 8_000 * Math.sin(i / 20));
    void transport.say(voice);
    await clock.advance(300);
    expect(session.userState).toBe('speaking');
    transport.press('4');
    await clock.advance(200);
    transport.press('2', '#');
    await clock.advance(5_000);
    expect(events.filter((event) => !event.startsWith('interrupted'))).toEqual([
      '4',
      '2',
      '#',
      '42 terminator',
    ]);
    await close();
  });

  test('an agent that may not be interrupted says its sentence to the end first', async () => {
    const clock = new FakeClock();
    const transport = new MemoryTransport({ clock, openMic: true });
    const { answers, events, close } = await call(transport, clock, { allowInterruptions: false });
    await clock.advance(400);
    transport.press('1', '#');
    await clock.advance(8_000);
    expect(events).toEqual(['1', '#', '1 terminator']);
    expect(answers()).toEqual(['heard', 'heard']);
    await close();
  });

  test('tell: false -> the application has it, the model hears nothing; a text of one’s own', async () => {
    const clock = new FakeClock();
    const transport = new MemoryTransport({ clock });
    const { events, typed, close } = await call(transport, clock, { dtmf: { tell: false, maxDigits: 2 } });
    transport.press('1', '2');
    await clock.advance(1_000);
    expect(events).toEqual(['1', '2', '12 full']);
    expect(typed()).toEqual([]);
    await close();

    const again = new MemoryTransport({ clock });
    const other = await call(again, clock, { dtmf: { tell: (digits) => `Menu ${digits}` } });
    again.press('5', '#');
    await clock.advance(1_000);
    expect(other.typed()).toEqual(['Menu 5']);
    await other.close();
  });

  test('over the browser transport: the same', async () => {
    const { page, transport, clock } = pagePair();
    await page.say({ ...hello, offers: ['video', 'dtmf'] });
    const { events, typed, close } = await call(transport, clock);
    expect(page.got[0]).toEqual({ type: 'welcome', version: 1, accepts: ['video', 'dtmf'] });
    for (const key of ['1', '2', '3', '#'] satisfies DtmfKey[]) await page.say({ type: 'dtmf', key });
    await clock.advance(100);
    expect(events).toContain('123 terminator');
    expect(typed()).toEqual(['The caller pressed these keys of the telephone: 1 2 3 #']);
    await close();
  });
});

describe('text of the caller', () => {
  test('interrupts like speech; with interrupt: false it waits for the end of the sentence', async () => {
    const clock = new FakeClock();
    const transport = new MemoryTransport({ clock, openMic: true });
    const { session, events, answers, close } = await call(transport, clock);
    await clock.advance(400);
    const waiting = session.sendText('First', { interrupt: false });
    await clock.advance(6_000);
    expect(events).toEqual([]);
    expect([waiting.done, waiting.interrupted]).toEqual([true, false]);
    session.generateReply();
    await clock.advance(300);
    session.sendText('Second');
    await clock.advance(5_000);
    expect(events).toEqual(['interrupted by user']);
    expect(answers().slice(0, 2)).toEqual(['heard', 'heard']);
    await close();
  });
});
