import { describe, expect, it } from 'vitest';
import type { Command, Config, Event, Item } from '../../src/realtime/index.js';
import { assertLegal, checkedLink, LegalityChecker, type LinkEntry } from '../../src/testing/index.js';

const config: Config = {
  instructions: '',
  tools: [],
  toolChoice: 'auto',
  voice: '',
  turns: { owner: 'caller' },
  output: 'audio',
  transcription: null,
  vendor: {},
};
const pcm = new Int16Array(240);
const c = (command: Command): LinkEntry => ({ dir: 'command', command });
const e = (event: Event): LinkEntry => ({ dir: 'event', event });

const open = c({ t: 'open', config, history: [] });
const ready = e({ t: 'ready' });
const closing = e({ t: 'closing', code: 'closed', disposition: 'done', message: '' });
const reply = (cmd: string) => c({ t: 'reply', cmd });
const ack = (cmd: string) => e({ t: 'ack', cmd, basis: 'wire' });
const refused = (cmd?: string) =>
  e({ t: 'refused', ...(cmd === undefined ? {} : { cmd }), code: 'x', message: '', benign: false });
const started = (response: string, outOfBand = false) =>
  e({ t: 'response', phase: 'started', response, cause: { by: 'wire' }, outOfBand });
const produced = (response: string) => e({ t: 'response', phase: 'produced', response });
const ended = (response: string, status: 'completed' | 'cancelled' = 'completed') =>
  e({ t: 'response', phase: 'ended', response, status, basis: 'wire' });
const part = (
  phase: 'started' | 'done',
  item: string,
  response: string | null,
  kind: 'audio' | 'text' = 'audio',
) => e({ t: 'part', phase, response, item, index: 0, part: 0, kind });
const audio = (response: string | null, item: string | null) =>
  e({ t: 'audio', response, item, part: 0, pcm });
const said = (item: string, response: string, how: 'append' | 'final' = 'append') =>
  e({ t: 'said', response, item, part: 0, text: 'a', how, stage: 'spoken' });
const speech = (edge: 'start' | 'stop' | 'discarded', turn = 't1') =>
  e({ t: 'speech', edge, turn, basis: 'wire' });
const committed = (turn: string, item: string) => e({ t: 'committed', turn, item, basis: 'wire' });
const heard = (how: 'append' | 'final' | 'failed', item = 'i1') => e({ t: 'heard', item, text: '', how });
const message = (id: string): Item => ({ kind: 'message', id, role: 'user', parts: [] });
const item = (phase: 'added' | 'done' | 'removed' | 'cut', id: string, after?: string | null) =>
  e({ t: 'item', phase, item: message(id), basis: 'wire', ...(after === undefined ? {} : { after }) });
const call = (phase: 'args' | 'ready' | 'withdrawn', response: string | null = 'r', name = 'f') =>
  e({ t: 'call', phase, response, call: 'k', name, args: '', owner: 'us' });
const approval = (id: string) => e({ t: 'approval', approval: id, server: 's', name: 'f', args: '{}' });
const up = [open, ready];
const inPart = [...up, started('r'), part('started', 'i', 'r')];

type Row = [string, LinkEntry[]];
const legal: Row[] = [
  ['->open->ready', up],
  ['->open->refused->closing, without ready', [open, refused(), closing]],
  ['reply->ack', [...up, reply('a'), ack('a')]],
  ['reply->refused', [...up, reply('a'), refused('a')]],
  ['reply->closing unanswered', [...up, reply('a'), closing]],
  ['reply before ready->ack after', [open, reply('a'), ready, ack('a')]],
  ['started->ended', [...up, started('r'), produced('r'), ended('r')]],
  ['started->part->audio->done->ended', [...inPart, audio('r', 'i'), part('done', 'i', 'r'), ended('r')]],
  ['cancelled with an open part', [...inPart, audio('r', 'i'), ended('r', 'cancelled')]],
  [
    'said after ended',
    [...inPart, part('done', 'i', 'r'), ended('r'), said('i', 'r'), said('i', 'r', 'final')],
  ],
  ['out-of-band beside a response', [...up, started('r'), started('o', true), ended('o'), ended('r')]],
  ['one response after the other', [...up, started('r'), ended('r'), started('s'), ended('s')]],
  ['two approvals, without a response', [...up, approval('p'), approval('q')]],
  ['audio of full duplex', [...up, audio(null, null)]],
  ['start->stop->committed', [...up, speech('start'), speech('stop'), committed('t1', 'i1')]],
  [
    'start->discarded->start of another',
    [...up, speech('start'), speech('discarded'), speech('start', 't2')],
  ],
  ['stop->start of the same turn', [...up, speech('start'), speech('stop'), speech('start'), speech('stop')]],
  ['heard append->final', [...up, heard('append'), heard('final')]],
  [
    'added->done->cut->removed->added',
    [...up, ...(['added', 'done', 'cut', 'removed', 'added'] as const).map((p) => item(p, 'i1'))],
  ],
  ['added after a known item', [...up, item('added', 'i1', null), item('added', 'i2', 'i1')]],
  ['args->args->ready', [...up, started('r'), call('args'), call('args'), call('ready'), ended('r')]],
  ['ready->ended->withdrawn', [...up, started('r'), call('ready'), ended('r'), call('withdrawn')]],
  ['cleared without a cmd', [...up, e({ t: 'cleared' })]],
  ['unknown before ready', [open, e({ t: 'unknown', name: 'n', raw: {} })]],
];

const illegal: [string, string, LinkEntry[]][] = [
  ['->ready without open', 'open-first', [ready]],
  ['->reply without open', 'open-first', [reply('a')]],
  ['open->open', 'open-once', [open, open]],
  [
    'open with history and resume',
    'history-or-resume',
    [c({ t: 'open', config, history: [message('a')], resume: 'h' })],
  ],
  ['ready->ready', 'ready-once', [...up, ready]],
  ['ack before ready', 'ready-first', [open, reply('a'), ack('a')]],
  ['speech before ready', 'ready-first', [open, speech('start')]],
  ['audio command before ready', 'audio-after-ready', [open, c({ t: 'audio', pcm, atMs: 0 })]],
  ['closing->closing', 'closing-last', [...up, closing, closing]],
  ['closing->ack', 'closing-last', [...up, reply('a'), closing, ack('a')]],
  ['ack of nothing', 'answered-once', [...up, ack('a')]],
  ['ack->ack', 'answered-once', [...up, reply('a'), ack('a'), ack('a')]],
  ['ack->refused', 'answered-once', [...up, reply('a'), ack('a'), refused('a')]],
  ['reply->nothing', 'answered-once', [...up, reply('a')]],
  ['cmd twice', 'cmd-unique', [...up, reply('a'), ack('a'), reply('a')]],
  ['cleared of nothing', 'answered-once', [...up, e({ t: 'cleared', cmd: 'a' })]],
  ['started->started of the same', 'response-started-once', [...up, started('r'), started('r')]],
  ['started->started of another', 'one-response', [...up, started('r'), started('s')]],
  ['ended->ended', 'response-ended-once', [...up, started('r'), ended('r'), ended('r')]],
  ['ended without started', 'response-started-first', [...up, ended('r')]],
  ['ended->produced', 'response-ended-once', [...up, started('r'), ended('r'), produced('r')]],
  ['produced->produced', 'response-produced-once', [...up, started('r'), produced('r'), produced('r')]],
  ['completed with an open part', 'parts-done', [...inPart, ended('r')]],
  [
    'cause names an unknown command',
    'response-cause',
    [
      ...up,
      e({
        t: 'response',
        phase: 'started',
        response: 'r',
        cause: { by: 'command', cmd: 'a' },
        outOfBand: false,
      }),
    ],
  ],
  ['part without a response', 'response-started-first', [...up, part('started', 'i', 'r')]],
  ['part->part of the same', 'part-started-once', [...inPart, part('started', 'i', 'r')]],
  ['part done->done', 'part-done-once', [...inPart, part('done', 'i', 'r'), part('done', 'i', 'r')]],
  ['part done without started', 'part-started-first', [...up, started('r'), part('done', 'i', 'r')]],
  ['audio before its part', 'part-started-first', [...up, started('r'), audio('r', 'i')]],
  ['audio after part done', 'audio-in-part', [...inPart, part('done', 'i', 'r'), audio('r', 'i')]],
  [
    'audio in a text part',
    'audio-in-part',
    [...up, started('r'), part('started', 'i', 'r', 'text'), audio('r', 'i')],
  ],
  ['audio after ended', 'nothing-after-ended', [...inPart, ended('r', 'cancelled'), audio('r', 'i')]],
  ['part after ended', 'nothing-after-ended', [...up, started('r'), ended('r'), part('started', 'i', 'r')]],
  ['call after ended', 'nothing-after-ended', [...up, started('r'), ended('r'), call('args')]],
  ['said before its part', 'part-started-first', [...up, started('r'), said('i', 'r')]],
  ['said after final', 'said-final', [...inPart, said('i', 'r', 'final'), said('i', 'r')]],
  ['args after ready', 'call-ready-once', [...up, started('r'), call('ready'), call('args')]],
  ['ready->ready', 'call-ready-once', [...up, started('r'), call('ready'), call('ready')]],
  ['withdrawn of nothing', 'call-withdrawn', [...up, call('withdrawn')]],
  [
    'withdrawn->ready',
    'call-withdrawn',
    [...up, started('r'), call('args'), call('withdrawn'), call('ready')],
  ],
  ['a call changes its name', 'call-name', [...up, started('r'), call('args'), call('ready', 'r', 'g')]],
  ['an approval asked for twice', 'approval-once', [...up, approval('p'), approval('p')]],
  ['an approval before ready', 'ready-first', [open, approval('p')]],
  ['start->start', 'speech-alternates', [...up, speech('start'), speech('start', 't2')]],
  ['->stop', 'speech-alternates', [...up, speech('stop')]],
  ['start->stop->stop', 'speech-alternates', [...up, speech('start'), speech('stop'), speech('stop')]],
  [
    'committed->discarded',
    'speech-alternates',
    [...up, speech('start'), committed('t1', 'i'), speech('discarded')],
  ],
  ['committed->start of the same turn', 'commit-once', [...up, committed('t1', 'i'), speech('start')]],
  ['item committed twice', 'commit-once', [...up, committed('t1', 'i'), committed('t2', 'i')]],
  ['turn committed twice', 'commit-once', [...up, committed('t1', 'i'), committed('t1', 'j')]],
  ['heard final->append', 'heard-final', [...up, heard('final'), heard('append')]],
  ['heard failed->final', 'heard-final', [...up, heard('failed'), heard('final')]],
  ['heard of nobody', 'heard-owner', [...up, e({ t: 'heard', text: '', how: 'final' })]],
  ['done before added', 'item-added-first', [...up, item('done', 'i1')]],
  ['cut before added', 'item-added-first', [...up, item('cut', 'i1')]],
  ['done->done', 'item-done-once', [...up, item('added', 'i1'), item('done', 'i1'), item('done', 'i1')]],
  ['added->added', 'item-added-once', [...up, item('added', 'i1'), item('added', 'i1')]],
  [
    'removed->done',
    'item-added-first',
    [...up, item('added', 'i1'), item('removed', 'i1'), item('done', 'i1')],
  ],
  ['added after an unknown item', 'item-after', [...up, item('added', 'i1', 'i0')]],
  [
    'empty pcm',
    'pcm',
    [...up, e({ t: 'audio', response: null, item: null, part: 0, pcm: new Int16Array(0) })],
  ],
  [
    'negative position',
    'milliseconds',
    [...up, e({ t: 'speech', edge: 'start', turn: 't', atMs: -1, basis: 'wire' })],
  ],
  [
    'fractional heardMs',
    'milliseconds',
    [...up, c({ t: 'item.cut', cmd: 'a', item: 'i', part: 0, heardMs: 1.5, heardText: '' })],
  ],
  [
    'input line goes back',
    'input-line',
    [...up, c({ t: 'audio', pcm, atMs: 9 }), c({ t: 'audio', pcm, atMs: 8 })],
  ],
  [
    'unknown usage as NaN',
    'usage',
    [...up, e({ t: 'usage', scope: 'session', mode: 'total', usage: { totalTokens: Number.NaN } })],
  ],
  ['unknown without raw', 'unknown-raw', [...up, e({ t: 'unknown', name: 'n' })]],
];

describe('legal orders', () => {
  it.each(legal)('%s', (_name, entries) => assertLegal(entries));
});

describe('illegal orders', () => {
  it.each(illegal)('%s: %s', (_name, rule, entries) => {
    expect(() => assertLegal(entries)).toThrow(`'${rule}'`);
  });
});

describe('LegalityChecker', () => {
  it('names the entry, the rule and the reason', () => {
    expect(() => assertLegal([...up, ended('r1')])).toThrow(
      "event #2 response ended (r1) breaks 'response-started-first': r1 never started",
    );
  });

  it('says which commands nobody answered', () => {
    expect(() => assertLegal([...up, reply('a'), reply('b'), ack('a')])).toThrow('nothing answered reply b');
  });

  it('throws a swallowed violation again', () => {
    const checker = new LegalityChecker();
    expect(() => checker.event({ t: 'ready' })).toThrow('open-first');
    expect(() => checker.finish()).toThrow('open-first');
  });

  it('stands between a link and its session', () => {
    let emit: (event: Event) => void = () => {};
    const sent: Command[] = [];
    const link = checkedLink({
      send: (command) => sent.push(command),
      onEvent: (listener) => {
        emit = listener;
      },
    });
    const events: Event[] = [];
    link.onEvent((event) => events.push(event));
    link.send({ t: 'open', config, history: [] });
    emit({ t: 'ready' });
    expect([sent.length, events.length]).toEqual([1, 1]);
    expect(() => emit({ t: 'ready' })).toThrow('ready-once');
    expect(() => link.checker.finish()).toThrow('ready-once');
  });
});
