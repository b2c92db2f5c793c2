import { describe, expect, it } from 'vitest';
import { link, ServerBench, setup } from './server-bench.js';

const blocking = { tools: [{ functionDeclarations: [{ name: 'book', behavior: 'BLOCKING' }] }] };
const turn = [link.started(), link.part('started'), link.audio(100), link.said('Hi'), link.part('done')];
const answer = (over: object) => ({
  toolResponse: { functionResponses: [{ name: 'book', response: { output: 'done' }, ...over }] },
});

describe('server machine: the clock of a connection', () => {
  it('goAway after so long; who stays is closed with 1008', () => {
    const b = new ServerBench({ goAwayAfterMs: 1000, goAwayLeftMs: 500 }).open();
    b.to(999);
    expect(b.take()).toEqual([]);
    b.to(1000);
    expect(b.take()).toEqual(['goAway {"timeLeft":"0.500s"}']);
    b.to(1499);
    expect(b.closes).toEqual([]);
    b.to(1500);
    expect(b.closes[0]?.[0]).toBe(1008);
    expect(b.closes[0]?.[1]).toContain('GoAway');
  });

  it('a turn that waits for its playback keeps its time beside it', () => {
    const b = new ServerBench({ goAwayAfterMs: 150 }).open();
    b.link(...turn, link.ended());
    b.take();
    b.to(100);
    expect(b.take()).toEqual(['turnComplete']);
    b.to(150);
    expect(b.take()).toEqual(['goAway {"timeLeft":"50s"}']);
  });
});

describe('server machine: the setup is judged', () => {
  it('admitted as another, or sent away', () => {
    const b = new ServerBench({
      admit: (asked) => ({ setup: { ...asked, systemInstruction: { parts: [{ text: 'Locked.' }] } } }),
    });
    b.client(setup());
    expect(b.commands[0]).toMatchObject({ t: 'open', config: { instructions: 'Locked.' } });
    const c = new ServerBench({ admit: () => ({ code: 1008, reason: 'no' }) });
    c.client(setup());
    expect(c.closes).toEqual([[1008, 'no']]);
    expect(c.commands).toEqual([]);
  });

  it('transparent resumption is a name on Vertex, and unknown on the Gemini API', () => {
    const over = { sessionResumption: { transparent: true } };
    const b = new ServerBench();
    b.client(setup(over));
    expect(b.closes).toEqual([
      [
        1007,
        'Invalid JSON payload received. Unknown name "transparent" at \'setup.session_resumption\': Cannot find field.',
      ],
    ]);
    const c = new ServerBench({ surface: 'vertex' });
    c.client(setup(over));
    expect(c.closes).toEqual([]);
  });

  it('a handle that leads nowhere: 1008', () => {
    const b = new ServerBench();
    b.client(setup({ sessionResumption: { handle: 'h' } }));
    b.link({ t: 'closing', code: 'session_expired', disposition: 'fatal', message: '' });
    expect(b.closes).toEqual([[1008, 'BidiGenerateContent session not found']]);
  });
});

describe('server machine: calls', () => {
  it('Vertex: without ids, answered by name in their order', () => {
    const b = new ServerBench({ surface: 'vertex' }).open();
    b.link(link.started(), link.call('fc_1'), link.call('fc_2'), link.ended());
    expect(b.take()).toEqual([
      'toolCall {"functionCalls":[{"name":"book","args":{"seats":4}},{"name":"book","args":{"seats":4}}]}',
    ]);
    b.client(answer({}));
    b.client(answer({}));
    expect(b.takeCommands()).toEqual([
      'answer fc_1 book done more auto',
      'answer fc_2 book done auto',
      'reply',
    ]);
    b.client(answer({}));
    expect(b.closes[0]?.[0]).toBe(1007);
  });

  it('the user speaks while the model waits: cancelled, the turn is over, the link is told', () => {
    const b = new ServerBench().open(blocking);
    b.link(link.started(), link.call('fc_1'), link.ended());
    b.take();
    b.link(link.speech('start'));
    expect(b.take()).toEqual(['toolCallCancellation {"ids":["fc_1"]}', 'turnComplete']);
    expect(b.takeCommands()).toEqual(['answer fc_1 book Cancelled: the user spoke. error wait']);
    // Sent before the cancellation came; a second one has no such excuse.
    b.client(answer({ id: 'fc_1' }));
    expect(b.closes).toEqual([]);
    b.client(answer({ id: 'fc_1' }));
    expect(b.closes).toEqual([[1008, 'Requested entity was not found.']]);
  });

  it('what the model does not wait for goes on', () => {
    const b = new ServerBench().open({
      tools: [{ functionDeclarations: [{ name: 'book', behavior: 'NON_BLOCKING' }] }],
    });
    b.link(link.started(), link.call('fc_1'), link.ended());
    b.take();
    b.link(link.speech('start'));
    expect(b.take()).toEqual([]);
  });

  it('INTERRUPT -> the running response is stopped for it', () => {
    const b = new ServerBench().open();
    b.link(link.started(), link.call('fc_1'), link.ended(), link.started('r2'));
    b.takeCommands();
    b.client(answer({ id: 'fc_1', scheduling: 'INTERRUPT' }));
    expect(b.takeCommands()).toEqual(['stop r2', 'answer fc_1 book done auto', 'reply']);
  });
});

describe('server machine: the client goes', () => {
  it('in the middle of the playback: the rest was not heard', () => {
    const b = new ServerBench().open();
    b.link(...turn, link.ended());
    b.to(40);
    b.takeCommands();
    b.closed();
    expect(b.takeCommands()).toEqual(['cut m1 at 40', 'close']);
  });

  it('after it: nothing is cut', () => {
    const b = new ServerBench().open();
    b.link(...turn, link.ended());
    b.to(100);
    b.takeCommands();
    b.closed();
    expect(b.takeCommands()).toEqual(['close']);
  });
});

describe('server machine: counts', () => {
  const usage = { inputTokens: 10, outputTokens: 4, outputAudioTokens: 4 };

  it('3.1: the prompt before the answer, nothing at its end', () => {
    const b = new ServerBench({ usage: 'prompt-first', turnComplete: 'at-once' }).open();
    b.link({ t: 'usage', scope: 'response', mode: 'total', usage: { inputTokens: 10 } }, ...turn);
    expect(b.take()).toEqual([
      '{} + usage {"promptTokenCount":10,"totalTokenCount":10}',
      'audio 2400',
      "said 'Hi'",
    ]);
    b.link(link.ended('completed', { usage }));
    expect(b.take()).toEqual(['generationComplete', 'turnComplete + usage {}']);
  });

  it('Vertex: candidates', () => {
    const b = new ServerBench({ surface: 'vertex', turnComplete: 'at-once' }).open();
    b.link(...turn, link.ended('completed', { usage }));
    expect(b.take().at(-1)).toBe(
      'turnComplete + usage {"promptTokenCount":10,"candidatesTokenCount":4,"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":4}]}',
    );
  });
});

describe('server machine: faults', () => {
  it('hangs before the setup is complete, whatever the model says', () => {
    const b = new ServerBench({ faults: { hangBeforeSetup: true }, readyMs: 10 });
    b.client(setup());
    b.to(60_000);
    expect(b.frames).toEqual([]);
    expect(b.closes).toEqual([]);
  });

  it('closes before the setup is complete', () => {
    const b = new ServerBench({ faults: { closeBeforeSetup: { code: 1011, reason: 'x' } } });
    b.client(setup());
    expect(b.closes).toEqual([[1011, 'x']]);
  });

  it('late audio comes between interrupted and turnComplete', () => {
    const b = new ServerBench({ faults: { lateAudioMs: 40 } }).open();
    b.link(...turn, link.ended());
    b.take();
    b.to(20);
    b.link(link.speech('start'));
    expect(b.take()).toEqual(['interrupted', 'audio 960', 'turnComplete']);
  });

  it('junk before each transcript, once', () => {
    const b = new ServerBench({ faults: { junkTranscription: 'Thanks for watching!' } }).open();
    b.link(link.heard('Hel'), link.heard('lo'), link.heard('Hello', 'final'));
    expect(b.take()).toEqual(["heard 'Thanks for watching!'", "heard 'Hel'", "heard 'lo'"]);
  });

  it('no generationComplete; several parts in one message', () => {
    const faults = { noGenerationComplete: true, partsPerMessage: 3 };
    const b = new ServerBench({ faults, turnComplete: 'at-once' }).open();
    b.link(...turn, link.ended());
    const [audio, ...rest] = b.frames;
    const { parts } = (audio as { serverContent: { modelTurn: { parts: unknown[] } } }).serverContent
      .modelTurn;
    expect(parts).toHaveLength(3);
    b.frames.splice(0, b.frames.length, ...rest);
    expect(b.take()).toEqual(["said 'Hi'", 'turnComplete']);
  });

  it('1011 at the second message with audio', () => {
    const b = new ServerBench({ faults: { failAtAudioMessage: 2 } }).open();
    b.link(link.started(), link.part('started'), link.audio(20), link.audio(20));
    expect(b.take()).toEqual(['audio 480']);
    expect(b.closes).toEqual([[1011, 'Internal error occurred.']]);
  });
});
