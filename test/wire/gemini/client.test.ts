import { describe, expect, it } from 'vitest';
import { geminiClientMachine } from '../../../src/wire/gemini/client.js';
import { ClientBench, config, frames, manual } from './harness.js';

const bench = (model = 'gemini-3.8-live') => new ClientBench(geminiClientMachine({ model }));

/** Client commands and server frames in, short lines of events out. */
interface Row {
  arrows: string;
  run: (b: ClientBench) => void;
  gives: string[];
}

const answered = ['committed turn_1 as item_1 reply', 'message item_1 added wire after root'];
const begun = [
  'resp_1 started by turn_1',
  'message item_2 added wire after item_1',
  'part started audio of item_2',
];

const table: Row[] = [
  {
    arrows: 'audio -> transcript -> speech -> generationComplete -> turnComplete (3.1 order)',
    run(b) {
      b.audio();
      b.server(frames.empty);
      b.server(frames.heard('Hola.'));
      b.server(frames.prompt(310));
      b.server(frames.speech(240, ' Buenos'));
      b.server(frames.speech(240, ' días.'));
      b.server(frames.generationComplete);
      b.server({ serverContent: { turnComplete: true }, usageMetadata: {} });
    },
    gives: [
      "heard append turn_1 'Hola.'",
      ...answered,
      ...begun,
      'audio 240 of resp_1',
      "said append ' Buenos'",
      'audio 240 of resp_1',
      "said append ' días.'",
      'resp_1 produced',
      "heard final turn_1 'Hola.'",
      'message item_1 done wire',
      "said final 'Buenos días.'",
      'part done audio of item_2',
      'message item_2 done wire',
      'resp_1 completed wire',
    ],
  },
  {
    arrows:
      'audio -> speech without transcripts: the turn is inferred from its answer, its words are given up later',
    run(b) {
      b.audio();
      b.server(frames.speech());
      b.server(frames.generationComplete);
      b.server(frames.turnComplete);
      b.to(3000);
    },
    gives: [
      ...answered,
      ...begun,
      'audio 240 of resp_1',
      'resp_1 produced',
      'part done audio of item_2',
      'message item_2 done wire',
      'resp_1 completed wire',
      "heard failed turn_1 'No words came for this turn'",
      'message item_1 done wire',
    ],
  },
  {
    arrows: 'speech -> transcript: late words are the answered turn’s',
    run(b) {
      b.audio();
      b.server(frames.speech());
      b.server(frames.heard('Late '));
      b.server(frames.heard('words'));
      b.server(frames.turnComplete);
    },
    gives: [
      ...answered,
      ...begun,
      'audio 240 of resp_1',
      "heard append turn_1 'Late '",
      "heard append turn_1 'words'",
      "heard final turn_1 'Late words'",
      'message item_1 done wire',
      'part done audio of item_2',
      'message item_2 done wire',
      'resp_1 completed wire',
    ],
  },
  {
    arrows:
      'generationComplete -> more words -> a second: they are the answered turn’s; later ones are nobody’s',
    run(b) {
      b.audio();
      b.server(frames.heard('Do you '));
      b.server(frames.speech());
      b.server(frames.generationComplete);
      b.take();
      b.to(900);
      b.server(frames.heard('open?'));
      b.to(1000);
      b.server(frames.heard('late'));
    },
    gives: [
      "heard append turn_1 'open?'",
      "heard final turn_1 'Do you open?'",
      'message item_1 done wire',
      'unknown inputTranscription.late',
    ],
  },
  {
    arrows: 'turnComplete -> transcript: words of a turn that had none; they end with the next answer',
    run(b) {
      b.audio();
      b.server(frames.speech());
      b.server(frames.turnComplete);
      b.take();
      b.server(frames.heard('Late '));
      b.to(1000);
      b.server(frames.heard('words'));
      b.audio();
      b.server(frames.speech());
    },
    gives: [
      "heard append turn_1 'Late '",
      "heard append turn_1 'words'",
      "heard final turn_1 'Late words'",
      'message item_1 done wire',
      'committed turn_2 as item_3 reply',
      'message item_3 added wire after item_2',
      'resp_2 started by turn_2',
      'message item_4 added wire after item_3',
      'part started audio of item_4',
      'audio 240 of resp_2',
    ],
  },
  {
    arrows: 'turnComplete -> three seconds -> transcript: the next turn’s',
    run(b) {
      b.audio();
      b.server(frames.speech());
      b.server(frames.turnComplete);
      b.take();
      b.to(3000);
      b.server(frames.heard('Next'));
    },
    gives: [
      "heard failed turn_1 'No words came for this turn'",
      'message item_1 done wire',
      "heard append turn_2 'Next'",
    ],
  },
  {
    arrows: 'reply -> speech: the command is the cause, no turn is committed',
    run(b) {
      b.command({ t: 'reply', cmd: 'c1' });
      b.server(frames.speech());
      b.server(frames.turnComplete);
    },
    gives: [
      'ack c1 sent',
      'resp_1 started by c1',
      'message item_1 added wire after root',
      'part started audio of item_1',
      'audio 240 of resp_1',
      'part done audio of item_1',
      'message item_1 done wire',
      'resp_1 completed wire',
    ],
  },
  {
    arrows: 'speech with nothing asked or heard: the wire is the cause',
    run(b) {
      b.server(frames.speech());
    },
    gives: [
      'resp_1 started by wire',
      'message item_1 added wire after root',
      'part started audio of item_1',
      'audio 240 of resp_1',
    ],
  },
  {
    arrows: 'toolCall x2 -> answers one at a time -> speech: the last answer is the cause',
    run(b) {
      b.command({ t: 'reply', cmd: 'c1' });
      b.server(frames.call('fc_1', 'fc_2'));
      b.command(answer('c2', 'fc_2'));
      b.command(answer('c3', 'fc_1'));
      b.server(frames.prompt(350));
      b.server(frames.speech());
      b.server(frames.generationComplete);
      b.server(frames.turnComplete);
    },
    gives: [
      'ack c1 sent',
      'resp_1 started by c1',
      'call item_1 added wire after root',
      'call ready fc_1 book({"seats":4})',
      'call item_1 done wire',
      'call item_2 added wire after item_1',
      'call ready fc_2 book({"seats":4})',
      'call item_2 done wire',
      'resp_1 completed inferred',
      'result item_3 added sent after item_2',
      'result item_3 done sent',
      'ack c2 item_3 sent',
      'result item_4 added sent after item_3',
      'result item_4 done sent',
      'ack c3 item_4 sent',
      'resp_2 started by c3',
      'message item_5 added wire after item_4',
      'part started audio of item_5',
      'audio 240 of resp_2',
      'resp_2 produced',
      'part done audio of item_5',
      'message item_5 done wire',
      'resp_2 completed wire',
    ],
  },
  {
    arrows:
      'toolCall -> answer -> reply: the wire goes on anyway, so nothing is sent; the reply is the cause',
    run(b) {
      b.server(frames.call('fc_1'));
      b.command(answer('c1', 'fc_1'));
      b.take();
      b.takeFrames();
      b.command({ t: 'reply', cmd: 'c2' });
      expect(b.takeFrames()).toEqual([]);
      b.server(frames.speech());
      b.server(frames.turnComplete);
    },
    gives: [
      'ack c2 sent',
      'resp_2 started by c2',
      'message item_3 added wire after item_2',
      'part started audio of item_3',
      'audio 240 of resp_2',
      'part done audio of item_3',
      'message item_3 done wire',
      'resp_2 completed wire',
    ],
  },
  {
    arrows: 'transcript -> toolCall: the user’s words are final with the calls',
    run(b) {
      b.audio();
      b.server(frames.heard('Book it'));
      b.server(frames.call('fc_1'));
    },
    gives: [
      "heard append turn_1 'Book it'",
      ...answered,
      'resp_1 started by turn_1',
      'call item_2 added wire after item_1',
      'call ready fc_1 book({"seats":4})',
      'call item_2 done wire',
      "heard final turn_1 'Book it'",
      'message item_1 done wire',
      'resp_1 completed inferred',
    ],
  },
  {
    arrows: 'speech -> toolCall: what was said is closed before the calls',
    run(b) {
      b.server(frames.speech(240, 'One moment'));
      b.server(frames.call('fc_1'));
      b.server(frames.generationComplete);
    },
    gives: [
      'resp_1 started by wire',
      'message item_1 added wire after root',
      'part started audio of item_1',
      'audio 240 of resp_1',
      "said append 'One moment'",
      "said final 'One moment'",
      'part done audio of item_1',
      'message item_1 done wire',
      'call item_2 added wire after item_1',
      'call ready fc_1 book({"seats":4})',
      'call item_2 done wire',
      'resp_1 completed inferred',
    ],
  },
  {
    arrows: 'the same toolCall twice, and as a part of modelTurn: one call',
    run(b) {
      b.server({
        serverContent: {
          modelTurn: { role: 'model', parts: [{ functionCall: { id: 'fc_1', name: 'book', args: {} } }] },
        },
      });
      b.server(frames.call('fc_1'));
      b.server(frames.call('fc_1'));
    },
    gives: [
      'resp_1 started by wire',
      'call item_1 added wire after root',
      'call ready fc_1 book({"seats":4})',
      'call item_1 done wire',
      'resp_1 completed inferred',
    ],
  },
  {
    arrows: 'toolCall -> cancellation -> answer: withdrawn, and the answer is not sent',
    run(b) {
      b.server(frames.call('fc_1'));
      b.take();
      b.server(frames.cancel('fc_1', 'fc_unknown'));
      b.command(answer('c1', 'fc_1'));
    },
    gives: ['call withdrawn fc_1 book()', 'refused c1 superseded'],
  },
  {
    arrows: 'speech -> interrupted -> turnComplete: dropped and cancelled, once',
    run(b) {
      b.audio();
      b.server(frames.heard('Hello'));
      b.server(frames.speech(240, 'One two'));
      b.take();
      b.server(frames.interrupted);
      b.server(frames.turnComplete);
    },
    gives: [
      'drop resp_1',
      "said final 'One two'",
      'part done audio of item_2',
      'message item_2 done wire',
      'resp_1 cancelled wire (turn_detected)',
      "heard final turn_1 'Hello'",
      'message item_1 done wire',
    ],
  },
  {
    arrows: 'interrupted with nothing under way: what is being played is void',
    run(b) {
      b.server(frames.interrupted);
    },
    gives: ['drop all'],
  },
  {
    arrows: 'interrupted + transcript in one frame: the words are the next turn’s',
    run(b) {
      b.audio();
      b.server(frames.heard('Hello'));
      b.server(frames.speech());
      b.take();
      b.server({ serverContent: { interrupted: true, inputTranscription: { text: 'Wait' } } });
    },
    gives: [
      'drop resp_1',
      'part done audio of item_2',
      'message item_2 done wire',
      'resp_1 cancelled wire (turn_detected)',
      "heard final turn_1 'Hello'",
      'message item_1 done wire',
      "heard append turn_2 'Wait'",
    ],
  },
  {
    arrows: 'reply into a running response -> interrupted: superseded by us, the reply lives',
    run(b) {
      b.server(frames.speech());
      b.command({ t: 'reply', cmd: 'c1' });
      b.take();
      b.server(frames.interrupted);
      b.server(frames.turnComplete);
      b.server(frames.speech());
    },
    gives: [
      'drop resp_1',
      'part done audio of item_1',
      'message item_1 done wire',
      'resp_1 cancelled wire (superseded)',
      'resp_2 started by c1',
      'message item_2 added wire after item_1',
      'part started audio of item_2',
      'audio 240 of resp_2',
    ],
  },
  {
    arrows: 'reply -> interrupted before its first sound: it began and was cancelled',
    run(b) {
      b.command({ t: 'reply', cmd: 'c1' });
      b.server(frames.interrupted);
    },
    gives: ['ack c1 sent', 'drop all', 'resp_1 started by c1', 'resp_1 cancelled inferred (turn_detected)'],
  },
  {
    arrows: 'reply -> turnComplete with nothing said: an empty response, not silence for ever',
    run(b) {
      b.command({ t: 'reply', cmd: 'c1' });
      b.server({ serverContent: { turnComplete: true, turnCompleteReason: 'RESPONSE_REJECTED' } });
    },
    gives: ['ack c1 sent', 'resp_1 started by c1', 'resp_1 incomplete wire (RESPONSE_REJECTED)'],
  },
  {
    arrows: 'speech -> generationComplete -> (turnComplete lost) -> speech: two responses',
    run(b) {
      b.server(frames.speech());
      b.server(frames.generationComplete);
      b.take();
      b.server(frames.speech());
    },
    gives: [
      'part done audio of item_1',
      'message item_1 done wire',
      'resp_1 completed inferred',
      'resp_2 started by wire',
      'message item_2 added wire after item_1',
      'part started audio of item_2',
      'audio 240 of resp_2',
    ],
  },
  {
    arrows: 'generationComplete -> outputTranscription: words come after all audio',
    run(b) {
      b.server(frames.speech());
      b.server(frames.generationComplete);
      b.take();
      b.server(frames.said('Good day'));
      b.server(frames.turnComplete);
    },
    gives: [
      "said append 'Good day'",
      "said final 'Good day'",
      'part done audio of item_1',
      'message item_1 done wire',
      'resp_1 completed wire',
    ],
  },
  {
    arrows: 'turnComplete -> outputTranscription: too late, kept as unknown',
    run(b) {
      b.audio();
      b.server(frames.speech());
      b.server(frames.turnComplete);
      b.take();
      b.server(frames.said('Good day'));
    },
    gives: ['unknown outputTranscription.late'],
  },
  {
    arrows: 'several parts and keys in one frame',
    run(b) {
      const speech = frames.speech().serverContent.modelTurn.parts[0];
      b.server({
        serverContent: {
          modelTurn: { role: 'model', parts: [{ text: 'hm', thought: true }, speech, speech] },
          outputTranscription: { text: 'Hi' },
          generationComplete: true,
          turnComplete: true,
        },
        usageMetadata: { promptTokenCount: 5, responseTokenCount: 2, totalTokenCount: 7 },
        goAway: { timeLeft: '11.600s' },
        sessionResumptionUpdate: { newHandle: 'h1', resumable: true },
      });
    },
    gives: [
      'resp_1 started by wire',
      'message item_1 added wire after root',
      'part started audio of item_1',
      "said append thought 'hm'",
      'audio 240 of resp_1',
      'audio 240 of resp_1',
      "said append 'Hi'",
      'resp_1 produced',
      "said final 'Hi'",
      'part done audio of item_1',
      'message item_1 done wire',
      'resp_1 completed wire',
      'resumable h1',
      'expiring in 11600',
    ],
  },
  {
    arrows: 'resumable:false -> the handle is void',
    run(b) {
      b.server({ sessionResumptionUpdate: { newHandle: '', resumable: false } });
    },
    gives: ['resumable null'],
  },
  {
    arrows: 'text that is not JSON, an unknown key, odd bytes: a note each, and on',
    run(b) {
      b.frame('{oops');
      b.frame(new Uint8Array([255, 1]));
      b.server({ futureThing: { a: 1 } });
      b.server({
        serverContent: { modelTurn: { parts: [{ inlineData: { mimeType: 'video/mp4', data: '' } }] } },
      });
      b.server({});
    },
    gives: [
      'refused - frame_malformed',
      'refused - frame_malformed',
      'unknown futureThing',
      'unknown inlineData video/mp4',
    ],
  },
  {
    arrows: 'item.add -> clientContent that waits; only at the end',
    run(b) {
      const message = (id: string) => ({
        kind: 'message' as const,
        id,
        role: 'user' as const,
        parts: [{ kind: 'text' as const, text: 'hi' }],
      });
      b.command({ t: 'item.add', cmd: 'c1', item: message('mine') });
      b.command({ t: 'item.add', cmd: 'c2', item: message(''), after: 'mine' });
      b.command({ t: 'item.add', cmd: 'c3', item: message('x'), after: null });
    },
    gives: [
      'message mine added sent after root',
      'message mine done sent',
      'ack c1 mine sent',
      'message item_1 added sent after mine',
      'message item_1 done sent',
      'ack c2 item_1 sent',
      'refused c3 unsupported after',
    ],
  },
  {
    arrows: 'what the wire lacks -> refused',
    run(b) {
      b.command({ t: 'stop', cmd: 'c1' });
      b.command({ t: 'item.remove', cmd: 'c2', item: 'x' });
      b.command({ t: 'item.cut', cmd: 'c3', item: 'x', part: 0, heardMs: 10, heardText: '' });
      b.command({ t: 'item.fetch', cmd: 'c4', item: 'x' });
      b.command({ t: 'say', cmd: 'c5', text: 'x', cuttable: true });
      b.command({ t: 'configure', cmd: 'c6', patch: { voice: 'Puck' } });
      b.command({ t: 'reply', cmd: 'c7', outOfBand: true });
      b.command({ t: 'reply', cmd: 'c8', overrides: { voice: 'Puck' } });
      b.command({ t: 'activity', cmd: 'c9', edge: 'start' });
      b.command({ t: 'raw', wire: 'openai', frame: {} });
    },
    gives: [
      'refused c1 unsupported',
      'refused c2 unsupported',
      'refused c3 unsupported',
      'refused c4 unsupported',
      'refused c5 unsupported',
      'refused c6 unsupported voice',
      'refused c7 unsupported outOfBand',
      'refused c8 unsupported voice',
      'refused c9 unsupported',
      'refused - unsupported',
    ],
  },
];

describe('client machine: events', () => {
  it.each(table)('$arrows', ({ run, gives }) => {
    const b = bench().open();
    run(b);
    expect(b.take()).toEqual(gives);
    b.checker.finish();
  });
});

describe('after an interruption', () => {
  const interrupted = () => {
    const b = bench().open();
    b.audio();
    b.server(frames.heard('Hello'));
    b.server(frames.speech());
    b.nowMs = 1000;
    b.server(frames.interrupted);
    b.take();
    return b;
  };

  it('interrupted -> late audio and words -> turnComplete: nothing of it is heard', () => {
    const b = interrupted();
    b.nowMs = 1100;
    b.server(frames.speech(240, 'late'));
    b.server(frames.turnComplete);
    expect(b.take()).toEqual([]);
  });

  it('interrupted -> turnComplete -> speech at once: the next reply is whole', () => {
    const b = interrupted();
    b.server(frames.turnComplete);
    b.server(frames.speech());
    expect(b.take()).toContain('audio 240 of resp_2');
  });

  it.each([
    ['time', (b: ClientBench) => void (b.nowMs = 1500)],
    ['the counts of a new prompt', (b: ClientBench) => b.server(frames.prompt(40))],
    ['a finished generation', (b: ClientBench) => b.server(frames.generationComplete)],
  ])(
    'interrupted -> late audio -> (turnComplete lost) -> %s -> speech: the next reply is not swallowed',
    (_, sign) => {
      const b = interrupted();
      b.server(frames.speech(120));
      sign(b);
      b.server(frames.speech());
      b.server(frames.turnComplete);
      const lines = b.take();
      expect(lines.filter((line) => line.startsWith('audio'))).toEqual(['audio 240 of resp_2']);
      expect(lines).toContain('resp_2 completed wire');
    },
  );

  it('interrupted -> (turnComplete lost) -> toolCall: the call is taken', () => {
    const b = interrupted();
    b.server(frames.call('fc_1'));
    expect(b.take()).toContain('call ready fc_1 book({"seats":4})');
  });
});

describe('client machine: usage', () => {
  const endedUsage = (b: ClientBench) =>
    b.events.flatMap((event) => (event.t === 'response' && event.phase === 'ended' ? [event.usage] : []));

  it('prompt before, empty counts after: merged, never overwritten with nothing', () => {
    const b = bench().open();
    b.server(frames.prompt(310));
    b.server(frames.speech());
    b.server({ serverContent: { turnComplete: true }, usageMetadata: {} });
    expect(endedUsage(b)).toEqual([{ inputTokens: 310, totalTokens: 310 }]);
  });

  it('counts beside turnComplete are of that turn; the next one starts from nothing', () => {
    const b = bench().open();
    b.server(frames.speech());
    b.server({
      serverContent: { turnComplete: true },
      usageMetadata: {
        promptTokenCount: 548,
        candidatesTokenCount: 61,
        thoughtsTokenCount: 100,
        totalTokenCount: 609,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 306 },
          { modality: 'AUDIO', tokenCount: 222 },
        ],
        candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 61 }],
      },
    });
    b.server(frames.speech());
    b.server(frames.turnComplete);
    expect(endedUsage(b)).toEqual([
      {
        inputTokens: 548,
        outputTokens: 61,
        thoughtTokens: 100,
        totalTokens: 609,
        inputTextTokens: 306,
        inputAudioTokens: 222,
        outputAudioTokens: 61,
      },
      undefined,
    ]);
  });

  it('interrupted -> turnComplete with counts: they are told though the response is over', () => {
    const b = bench().open();
    b.server(frames.speech());
    b.server(frames.interrupted);
    b.take();
    b.server({ serverContent: { turnComplete: true }, usageMetadata: { responseTokenCount: 8 } });
    expect(b.take()).toEqual(['usage response total {"outputTokens":8}']);
  });
});

describe('client machine: manual turns', () => {
  it('audio -> end: the first audio begins the activity, and the turn is committed at its end', () => {
    const b = bench().open(manual);
    b.audio();
    b.audio();
    expect(b.takeFrames().map(nameOf)).toEqual(['activityStart', 'audio', 'audio']);
    b.command({ t: 'activity', cmd: 'c1', edge: 'end' });
    expect(b.takeFrames().map(nameOf)).toEqual(['activityEnd']);
    expect(b.take()).toEqual([
      'ack c1 sent',
      'committed turn_1 as item_1 sent',
      'message item_1 added sent after root',
    ]);
  });

  it('end -> reply -> speech: the wire answers by itself, the command is the cause, nothing is sent', () => {
    const b = bench().open(manual);
    b.audio();
    b.command({ t: 'activity', cmd: 'c1', edge: 'end' });
    b.takeFrames();
    b.take();
    b.command({ t: 'reply', cmd: 'c2' });
    expect(b.takeFrames()).toEqual([]);
    b.server(frames.speech());
    expect(b.take().slice(0, 2)).toEqual(['ack c2 sent', 'resp_1 started by c2']);
  });

  it('end -> speech: the turn is the cause', () => {
    const b = bench().open(manual);
    b.audio();
    b.command({ t: 'activity', cmd: 'c1', edge: 'end' });
    b.take();
    b.server(frames.speech());
    expect(b.take()[0]).toBe('resp_1 started by turn_1');
  });

  it('end -> audio: it waits for the answer and for the pause between turns, then it begins the next one', () => {
    const b = bench().open(manual);
    b.audio();
    b.command({ t: 'activity', cmd: 'c1', edge: 'end' });
    b.takeFrames();
    b.audio();
    b.server(frames.speech());
    b.audio();
    b.server(frames.turnComplete);
    b.nowMs = 499;
    b.audio();
    expect(b.takeFrames()).toEqual([]);
    b.nowMs = 500;
    b.audio();
    expect(b.takeFrames().map(nameOf)).toEqual(['activityStart', 'audio', 'audio', 'audio', 'audio']);
  });

  it('audio -> end while the model speaks: the held audio is one activity, and cuts', () => {
    const b = bench().open(manual);
    b.server(frames.speech());
    b.audio();
    b.command({ t: 'activity', cmd: 'c1', edge: 'end' });
    expect(b.takeFrames().map(nameOf)).toEqual(['activityStart', 'audio', 'activityEnd']);
  });

  it('audio -> start: a little audio from before goes with it, the rest does not', () => {
    const b = bench().open(manual);
    b.command({ t: 'activity', cmd: 'c0', edge: 'start' });
    b.audio();
    b.command({ t: 'activity', cmd: 'c00', edge: 'end' });
    b.server(frames.speech());
    b.server(frames.turnComplete);
    b.nowMs = 1000;
    b.takeFrames();
    for (let i = 0; i < 50; i++) b.audio(20);
    b.command({ t: 'activity', cmd: 'c1', edge: 'start' });
    b.audio(20);
    expect(b.takeFrames().map(nameOf)).toEqual(['activityStart', ...Array(16).fill('audio')]);
  });

  it('start -> end without audio: refused, for the service would close with 1007', () => {
    const b = bench().open(manual);
    b.command({ t: 'activity', cmd: 'c1', edge: 'start' });
    b.command({ t: 'activity', cmd: 'c2', edge: 'end' });
    expect(b.take()).toEqual(['ack c1 sent', 'refused c2 input_audio_buffer_commit_empty']);
    expect(b.takeFrames().map(nameOf)).toEqual(['activityStart']);
  });

  it('audio -> discard: what has gone out cannot be taken back', () => {
    const b = bench().open(manual);
    b.audio();
    b.command({ t: 'activity', cmd: 'c1', edge: 'discard' });
    expect(b.take()).toEqual(['refused c1 unsupported']);
  });

  it('held audio -> discard -> end: there is nothing to commit', () => {
    const b = bench().open(manual);
    b.server(frames.speech());
    b.take();
    b.audio();
    b.command({ t: 'activity', cmd: 'c1', edge: 'discard' });
    b.command({ t: 'activity', cmd: 'c2', edge: 'end' });
    expect(b.take()).toEqual(['ack c1 sent', 'cleared', 'refused c2 input_audio_buffer_commit_empty']);
  });
});

describe('client machine: models', () => {
  const text = (id: string, role: 'user' | 'assistant', words: string) => ({
    kind: 'message' as const,
    id,
    role,
    parts: [{ kind: 'text' as const, text: words }],
  });
  const history = [text('a', 'user', 'Hi'), text('b', 'assistant', 'Hello')];

  it.each([
    ['gemini-3.8-live', undefined, { turns: 2, turnComplete: false }],
    [
      'gemini-3.1-flash-live-preview',
      { initialHistoryInClientContent: true },
      { turns: 2, turnComplete: true },
    ],
    ['gemini-2.5-flash-native-audio-preview-12-2025', undefined, { turns: 3, turnComplete: false }],
  ])('%s: setup -> setupComplete -> history -> ready', (model, historyConfig, content) => {
    const b = bench(model);
    b.command({ t: 'open', config, history });
    const [{ setup }] = b.takeFrames() as [{ setup: Record<string, unknown> }];
    expect(setup.historyConfig).toEqual(historyConfig);
    b.server({ setupComplete: {} });
    const [{ clientContent }] = b.takeFrames() as [
      { clientContent: { turns: unknown[]; turnComplete: boolean } },
    ];
    expect({ turns: clientContent.turns.length, turnComplete: clientContent.turnComplete }).toEqual(content);
    expect(b.take()).toEqual([
      'ready',
      'message a added sent after root',
      'message a done sent',
      'message b added sent after a',
      'message b done sent',
    ]);
  });

  it.each([
    ['gemini-3.8-live', { clientContent: { turnComplete: true } }],
    ['gemini-3.1-flash-live-preview', { realtimeInput: { text: ' ' } }],
    [
      'gemini-2.5-flash-native-audio-preview-12-2025',
      { clientContent: { turns: [{ role: 'user', parts: [{ text: '.' }] }], turnComplete: true } },
    ],
  ])('%s: a reply out of nothing', (model, frame) => {
    const b = bench(model).open();
    b.command({ t: 'reply', cmd: 'c1' });
    expect(b.takeFrames()).toEqual([frame]);
  });

  it('3.1: input waits while a call is open; the user’s words wait for the next question, others are refused', () => {
    const b = bench('gemini-3.1-flash-live-preview').open();
    b.server(frames.call('fc_1'));
    b.audio();
    expect(b.takeFrames()).toEqual([]);
    b.command(answer('c1', 'fc_1'));
    expect(b.takeFrames().map(nameOf)).toEqual(['toolResponse', 'audio']);
    b.take();
    b.command({ t: 'item.add', cmd: 'c2', item: text('x', 'assistant', 'hi') });
    expect(b.take()).toEqual(['refused c2 unsupported item']);
    b.server(frames.turnComplete);
    b.command({ t: 'item.add', cmd: 'c3', item: text('y', 'user', 'How much?') });
    expect(b.takeFrames()).toEqual([]);
    b.command({ t: 'reply', cmd: 'c4' });
    expect(b.takeFrames()).toEqual([{ realtimeInput: { text: 'How much?' } }]);
  });

  it('Vertex: a call without id is answered without id', () => {
    const b = bench().open();
    b.server({ toolCall: { functionCalls: [{ name: 'book', args: {} }] } });
    b.command(answer('c1', 'call_1'));
    expect(b.takeFrames()).toEqual([
      { toolResponse: { functionResponses: [{ name: 'book', response: { output: 'done' } }] } },
    ]);
  });

  it('speech edges, only where the session asked for them', () => {
    const start = { voiceActivity: { type: 'ACTIVITY_START', audioOffset: '0.440s' } };
    const end = { voiceActivity: { voiceActivityType: 'ACTIVITY_END', audioOffset: '1s' } };
    const b = bench().open();
    b.server(start);
    expect(b.take()).toEqual([]);
    const c = bench().open({ ...config, vendor: { explicitVadSignal: true } });
    c.audio();
    c.server(start);
    c.server(end);
    c.server(frames.speech());
    expect(c.take().slice(0, 4)).toEqual([
      'speech start turn_1 wire 440',
      'speech stop turn_1 wire 1000',
      'committed turn_1 as item_1 reply',
      'message item_1 added wire after root',
    ]);
  });
});

describe('client machine: the end', () => {
  it('speech -> 1011: the link says that it ends; what it said goes with it', () => {
    const b = bench().open();
    b.server(frames.speech());
    b.take();
    b.closed(1011, 'Internal error occurred.');
    expect(b.take()).toEqual(['closing provider_failed resume']);
    b.audio();
    b.server(frames.speech());
    expect(b.take()).toEqual([]);
  });

  it('close -> closed: done', () => {
    const b = bench().open();
    b.command({ t: 'close', reason: 'bye' });
    expect(b.closes).toEqual([[1000, 'bye']]);
    b.closed(1000);
    expect(b.take()).toEqual(['closing closed done']);
  });

  it.each([
    [1007, 'API key not valid. Please pass a valid API key.', 'auth_refused', 'fatal'],
    [1007, 'Request contains an invalid argument.', 'provider_refused', 'fatal'],
    [1008, 'models/x is not found for API version v1beta, or is not supported', 'model_not_found', 'fatal'],
    [1008, "Method doesn't allow unregistered callers (callers without", 'auth_refused', 'fatal'],
    [1008, 'BidiGenerateContent session not found', 'session_expired', 'retry'],
    [1011, 'Internal error occurred.', 'provider_failed', 'retry'],
    [1006, '', 'connection_lost', 'retry'],
  ])('setup -> %d %s -> %s %s', (code, reason, means, disposition) => {
    const b = bench();
    b.command({ t: 'open', config, history: [] });
    b.closed(code, reason);
    expect(b.take()).toEqual([`closing ${means} ${disposition}`]);
  });

  it.each([
    [1006, '', 'resume'],
    [1000, '', 'resume'],
    [
      1008,
      'Connection aborted because the client failed to close the connection after receiving a GoAway',
      'resume',
    ],
  ])('ready -> %d %s -> %s', (code, reason, disposition) => {
    const b = bench().open();
    b.closed(code, reason);
    expect(b.take()[0]?.endsWith(disposition)).toBe(true);
  });
});

function answer(cmd: string, call: string) {
  return {
    t: 'answer' as const,
    cmd,
    call,
    name: 'book',
    output: 'done',
    isError: false,
    more: false,
    then: 'auto' as const,
  };
}

function nameOf(frame: unknown): string {
  const message = frame as { realtimeInput?: object };
  return Object.keys(message.realtimeInput ?? message)[0]!;
}

describe('client machine: settings of a live session', () => {
  const patch = { instructions: 'Be long.', tools: [{ name: 'book', parameters: { type: 'object' } }] };

  it('3.8: contextUpdate, with the tools of the service kept', () => {
    const b = bench().open({ ...config, vendor: { tools: [{ googleSearch: {} }] } });
    b.command({ t: 'configure', cmd: 'c1', patch });
    expect(b.takeFrames()).toEqual([
      {
        contextUpdate: {
          systemInstruction: { role: 'user', parts: [{ text: 'Be long.' }] },
          tools: {
            tools: [{ functionDeclarations: [{ name: 'book', behavior: 'BLOCKING' }] }, { googleSearch: {} }],
          },
        },
      },
    ]);
    b.command({ t: 'configure', cmd: 'c2', patch: { toolChoice: 'none' } });
    expect(b.takeFrames()).toEqual([{ contextUpdate: { tools: { tools: [{ googleSearch: {} }] } } }]);
    expect(b.take()).toEqual(['ack c1 sent', 'ack c2 sent']);
  });

  it.each([
    ['gemini-3.8-live', { ...patch, voice: 'Puck' }, 'voice'],
    ['gemini-3.8-live', { toolChoice: 'required' as const }, 'toolChoice'],
    ['gemini-3.1-flash-live-preview', patch, 'instructions'],
  ])('%s, what it cannot change: refused, nothing is sent', (model, patch, param) => {
    const b = bench(model).open();
    b.command({ t: 'configure', cmd: 'c1', patch });
    expect(b.take()).toEqual([`refused c1 unsupported ${param}`]);
    expect(b.takeFrames()).toEqual([]);
  });
});

describe('client machine: calls that the model does not wait for', () => {
  const open = (options: object = {}) =>
    new ClientBench(
      geminiClientMachine({ model: 'gemini-3.8-live', toolBehavior: { book: 'NON_BLOCKING' }, ...options }),
    ).open();
  const schedulingOf = (b: ClientBench) =>
    b
      .takeFrames()
      .flatMap((frame) => {
        const { toolResponse } = frame as { toolResponse?: { functionResponses: { scheduling?: string }[] } };
        return toolResponse?.functionResponses ?? [];
      })
      .map(({ scheduling }) => scheduling);

  it('wait -> SILENT; else as set, or left to the service', () => {
    const b = open({ toolScheduling: { book: 'INTERRUPT' } });
    b.server(frames.call('a', 'b'));
    b.command({ ...answer('c1', 'a'), then: 'wait' });
    b.command(answer('c2', 'b'));
    expect(schedulingOf(b)).toEqual(['SILENT', 'INTERRUPT']);
    const plain = open();
    plain.server(frames.call('a'));
    plain.command(answer('c1', 'a'));
    expect(schedulingOf(plain)).toEqual([undefined]);
  });

  it('a call that it waits for says nothing of it, nor does extended thinking', () => {
    const b = open({ toolBehavior: 'BLOCKING', toolScheduling: 'INTERRUPT' });
    b.server(frames.call('a'));
    b.command(answer('c1', 'a'));
    expect(schedulingOf(b)).toEqual([undefined]);
    const extended = bench('gemini-3.8-live-extended-thinking').open();
    extended.server(frames.call('a'));
    extended.command({ ...answer('c1', 'a'), then: 'wait' });
    expect(schedulingOf(extended)).toEqual([undefined]);
  });

  it('INTERRUPT into a running response -> interrupted -> speech: the answer lives', () => {
    const b = open({ toolScheduling: 'INTERRUPT' });
    b.server(frames.call('a'));
    b.server(frames.speech());
    b.take();
    b.command(answer('c1', 'a'));
    b.server(frames.interrupted);
    b.server(frames.turnComplete);
    b.server(frames.speech());
    const responses = b.take().filter((line) => line.startsWith('resp_'));
    expect(responses).toEqual(['resp_2 cancelled wire (superseded)', 'resp_3 started by c1']);
  });

  it('the turn of the call ends without an answer: that owes nothing', () => {
    const b = open();
    b.server(frames.call('a'));
    b.command(answer('c1', 'a'));
    b.take();
    b.server(frames.turnComplete);
    expect(b.take()).toEqual([]);
  });
});

describe('client machine: extended thinking', () => {
  const status = (interactionStatus: string) => ({ serverContent: { interactionStatus } });
  const extended = () => bench('gemini-3.8-live-extended-thinking').open();
  const ends = (b: ClientBench) => b.take().filter((line) => line.startsWith('resp_'));

  it.each(['IDLE', 'REQUIRES_ACTION'])('fillers and answer are one response; it ends at %s', (last) => {
    const b = extended();
    b.audio();
    b.server(status('IN_PROGRESS'));
    b.server(frames.speech(240, 'One moment'));
    b.server(frames.generationComplete);
    b.server(frames.turnComplete);
    b.server(frames.speech(240, 'It is four'));
    b.server(frames.generationComplete);
    b.server(frames.turnComplete);
    expect(ends(b)).toEqual(['resp_1 started by turn_1']);
    b.server(status(last));
    expect(ends(b)).toEqual(['resp_1 completed wire']);
  });

  it('IDLE before the last turnComplete: that one ends it', () => {
    const b = extended();
    b.server(status('IN_PROGRESS'));
    b.server(frames.speech());
    b.server(frames.turnComplete);
    b.server(frames.speech());
    b.server(status('IDLE'));
    expect(ends(b)).toEqual(['resp_1 started by wire']);
    b.server(frames.turnComplete);
    expect(ends(b)).toEqual(['resp_1 completed wire']);
  });
});

describe('client machine: silence by choice, grounding, resumption', () => {
  it('turnComplete + waitingForInput: the turn is settled and has no response', () => {
    const b = bench().open();
    b.audio();
    b.server(frames.heard('Never mind us'));
    b.server({ serverContent: { turnComplete: true, waitingForInput: true } });
    expect(b.take()).toEqual([
      "heard append turn_1 'Never mind us'",
      'committed turn_1 as item_1 reply',
      'message item_1 added wire after root',
      "heard final turn_1 'Never mind us'",
      'message item_1 done wire',
    ]);
  });

  it('turnComplete + waitingForInput after a reply was asked for: that reply is over', () => {
    const b = bench().open();
    b.command({ t: 'reply', cmd: 'c1' });
    b.server({ serverContent: { turnComplete: true, waitingForInput: true } });
    expect(b.take()).toEqual([
      'ack c1 sent',
      'resp_1 started by c1',
      'resp_1 completed wire (waiting_for_input)',
    ]);
  });

  it('words with their times, piece by piece and in the end', () => {
    const b = bench().open();
    const word = (word: string, from: string, to: string) => ({
      serverContent: {
        inputTranscription: {
          text: word,
          words: [{ word, startOffset: from, endOffset: to }, { word: 'untimed' }],
        },
      },
    });
    b.server(word('Hello ', '0.1s', '0.440s'));
    b.server(word('you', '0.5s', '0.7s'));
    b.server(frames.speech());
    b.server(frames.turnComplete);
    const timed = [
      { text: 'Hello ', fromMs: 100, toMs: 440 },
      { text: 'you', fromMs: 500, toMs: 700 },
    ];
    const heard = b.events.flatMap((event) => (event.t === 'heard' ? [event.words] : []));
    expect(heard).toEqual([[timed[0]], [timed[1]], timed]);
  });

  it('grounding is told with its frame', () => {
    const b = bench().open();
    b.server({ serverContent: { groundingMetadata: { webSearchQueries: ['x'] } } });
    expect(b.events).toEqual([
      {
        t: 'unknown',
        name: 'groundingMetadata',
        raw: { serverContent: { groundingMetadata: { webSearchQueries: ['x'] } } },
      },
    ]);
  });

  it('open with a handle: the handle, no history, and what follows has an unknown place', () => {
    const b = bench();
    b.command({ t: 'open', config, history: [], resume: 'h1' });
    const [{ setup }] = b.takeFrames() as [{ setup: Record<string, unknown> }];
    expect(setup).toMatchObject({ sessionResumption: { handle: 'h1' } });
    expect(setup.historyConfig).toBeUndefined();
    b.server({ setupComplete: {} });
    expect(b.takeFrames()).toEqual([]);
    b.audio();
    b.server(frames.speech());
    const committed = b.events.find(({ t }) => t === 'committed');
    expect(committed).toBeDefined();
    expect(committed).not.toHaveProperty('after');
  });

  it('3.1: a line comes whole, and is final as soon as its answer has been produced', () => {
    const b = bench('gemini-3.1-flash-live-preview').open();
    b.audio();
    b.server(frames.heard('Hola.'));
    b.server(frames.speech());
    b.take();
    b.server(frames.generationComplete);
    expect(b.take()).toEqual(["heard final turn_1 'Hola.'", 'message item_1 done wire', 'resp_1 produced']);
  });

  it('calls in a history: parts where the model takes them, else the user’s words', () => {
    const history = [
      { kind: 'call' as const, id: 'k', call: 'a', name: 'book', args: '{"seats":4}' },
      { kind: 'result' as const, id: 'r', call: 'a', output: 'booked' },
    ];
    const turnsOf = (model: string) => {
      const b = bench(model);
      b.command({ t: 'open', config, history });
      b.takeFrames();
      b.server({ setupComplete: {} });
      const [frame] = b.takeFrames() as [{ clientContent: { turns: unknown[] } }];
      return frame.clientContent.turns;
    };
    expect(turnsOf('gemini-2.5-flash-native-audio-latest')).toEqual([
      { role: 'model', parts: [{ functionCall: { id: 'a', name: 'book', args: { seats: 4 } } }] },
      {
        role: 'user',
        parts: [{ functionResponse: { id: 'a', name: 'book', response: { output: 'booked' } } }],
      },
    ]);
    expect(turnsOf('gemini-3.8-live')).toEqual([
      { role: 'user', parts: [{ text: '(You called the tool book with {"seats":4}.)' }] },
      { role: 'user', parts: [{ text: '(The tool book returned: booked)' }] },
    ]);
  });
});
