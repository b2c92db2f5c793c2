import { describe, expect, test } from 'vitest';
import { type InterruptionOptions, policySettings } from '../../../src/agent/policy/options.js';
import {
  type Floor,
  type PolicyEffect,
  type PolicyInput,
  type PolicyState,
  policyState,
} from '../../../src/agent/policy/state.js';
import { policyStep } from '../../../src/agent/policy/step.js';
import { pure } from '../../../src/core/index.js';
import type { Opening } from '../../../src/speech/contracts.js';

const step = pure(policyStep);

/** A caller and an agent, on a clock that the rows move on. */
class Overlap {
  state: PolicyState;
  nowMs = 0;
  floor: Floor = 'audible';
  interruptible = true;
  tools = 0;
  transcribes = false;
  readonly told: string[] = [];
  wakeMs: number | null = null;

  constructor(options: InterruptionOptions = {}) {
    this.state = policyState(policySettings(options));
  }

  /** Sound of the caller, in stretches of 20 ms. */
  sound(ms: number, { db = -25, periodicity = 0.8, echo = null as number | null, swing = 4 } = {}): this {
    for (let at = 0; at < ms; at += 20) {
      this.pass(20);
      const levelDb = db + (this.nowMs % 80 < 40 ? 0 : -swing);
      this.input({ t: 'sound', levelDb, floorDb: -65, periodicity, echo, durationMs: 20 });
    }
    return this;
  }

  quiet(ms: number): this {
    return this.sound(ms, { db: -70, periodicity: 0, swing: 0 });
  }

  /** Sound that a VAD hears as well. */
  withVad(ms: number, probability: number, sound = {}): this {
    for (let at = 0; at < ms; at += 40) {
      this.sound(40, sound);
      this.input({ t: 'voice', probability, durationMs: 40 });
    }
    return this;
  }

  /** Time without evidence. */
  pass(ms: number): this {
    const untilMs = this.nowMs + ms;
    while (this.wakeMs !== null && this.wakeMs < untilMs) {
      this.nowMs = Math.max(this.nowMs, this.wakeMs);
      this.input({ t: 'wake' });
    }
    this.nowMs = untilMs;
    return this;
  }

  start(turn = 't1'): this {
    return this.input({ t: 'speech', edge: 'start', turn, by: 'wire' });
  }

  stop(turn = 't1'): this {
    return this.input({ t: 'speech', edge: 'stop', turn, by: 'wire' });
  }

  words(text: string, isFinal = false, turn: string | null = null): this {
    this.transcribes = true;
    return this.input({ t: 'words', turn, source: 'stt', text, isFinal });
  }

  /** The same, with a recogniser that tells every 40 ms how it begins. */
  saying(ms: number, is: Opening['is'], more: Partial<Opening> = {}, sound = {}): this {
    this.transcribes = true;
    for (let at = 0; at < ms; at += 40) {
      this.sound(40, sound);
      this.input({ t: 'opening', turn: 't1', opening: { is, isWhole: true, count: 1, ...more } });
    }
    return this;
  }

  /** Quiet in which it goes on telling that. */
  said(ms: number, is: Opening['is'], more: Partial<Opening> = {}): this {
    return this.saying(ms, is, more, { db: -70, periodicity: 0, swing: 0 });
  }

  input(bare: BareInput): this {
    const { nowMs: atMs, floor, interruptible, tools, transcribes } = this;
    const [state, effects] = step(this.state, { ...bare, atMs, floor, interruptible, tools, transcribes });
    this.state = state;
    for (const effect of effects) this.#perform(effect);
    return this;
  }

  #perform(effect: PolicyEffect): void {
    if (effect.t === 'wake_at') this.wakeMs = effect.atMs;
    else if (effect.t === 'decided')
      this.told.push(`${effect.decision} for ${effect.reason} at ${this.nowMs}`);
    else if (effect.t === 'yield') {
      this.told.push(effect.late ? 'stops late' : 'stops');
      this.floor = 'free';
    } else if (effect.t === 'hold') {
      this.told.push('pauses');
      this.floor = 'held';
    } else if (effect.t === 'resume') {
      this.told.push('goes on');
      this.floor = 'audible';
    } else this.told.push('turn' in effect ? `${effect.t} ${effect.turn}` : effect.t);
  }
}

type BareInput = PolicyInput extends infer I
  ? I extends PolicyInput
    ? Omit<I, 'atMs' | 'floor' | 'interruptible' | 'tools' | 'transcribes'>
    : never
  : never;

interface Row {
  name: string;
  options?: InterruptionOptions;
  play: (overlap: Overlap) => unknown;
  told: string[];
}

const rows: Row[] = [
  {
    name: 'voice-(opening: a nod, short)->keep, and its last word decides',
    play: (o) =>
      o
        .sound(100)
        .start()
        .saying(360, 'backchannel')
        .said(400, 'backchannel')
        .stop()
        .words('l k up', false, 't1')
        .words('yeah yeah', true, 't1'),
    told: ['keep for backchannel at 860', 'dismiss t1'],
  },
  {
    name: 'voice-(opening: a nod that lasts)->hold, and it goes on before that is a stop',
    play: (o) => o.sound(100).start().saying(800, 'backchannel'),
    told: ['hold for speech at 560', 'pauses', 'resume for backchannel at 740', 'goes on'],
  },
  {
    name: 'held-(opening: words after all)->yield',
    play: (o) => o.sound(100).start().saying(560, 'backchannel').saying(400, 'words'),
    told: ['hold for speech at 560', 'pauses', 'yield for words at 780', 'stops'],
  },
  {
    name: 'voice-(opening: a nod of 1.5 s)->yield',
    play: (o) => o.sound(100).start().saying(1_600, 'backchannel'),
    told: [
      'hold for speech at 560',
      'pauses',
      'resume for backchannel at 740',
      'goes on',
      'yield for speech at 1500',
      'stops',
    ],
  },
  {
    name: 'voice-(opening: words for a while)->hold, a little later than without it, then yield',
    play: (o) => o.sound(100).start().saying(800, 'words'),
    told: ['hold for words at 520', 'pauses', 'yield for words at 700', 'stops'],
  },
  {
    name: 'voice-(opening: three words)->hold at once, then yield',
    play: (o) => o.sound(100).start().saying(800, 'words', { count: 3 }),
    told: ['hold for words at 480', 'pauses', 'yield for words at 660', 'stops'],
  },
  {
    name: 'voice-(opening: words, but over before that)->its last word decides',
    play: (o) =>
      o.sound(100).start().saying(280, 'words').said(400, 'words').stop().words('good', true, 't1'),
    told: ['keep for backchannel at 780', 'dismiss t1'],
  },
  {
    name: 'voice-(opening: an order, which is over)->hold, then yield',
    play: (o) => o.sound(100).start().saying(120, 'command').said(320, 'command'),
    told: ['hold for command at 280', 'pauses', 'yield for command at 460', 'stops'],
  },
  {
    name: 'voice-(opening: an order, which goes on)->hold when any voice would have it, then yield',
    play: (o) => o.sound(100).start().saying(600, 'command'),
    told: ['hold for command at 480', 'pauses', 'yield for command at 660', 'stops'],
  },
  {
    name: 'voice-(opening: the beginning of an order)->nothing yet',
    play: (o) => o.sound(100).start().saying(320, 'command', { isWhole: false }),
    told: [],
  },
  {
    name: 'voice-(opening: words, minWords: 2)->only a transcript counts them',
    options: { minWords: 2 },
    play: (o) => o.sound(100).start().saying(800, 'words', { count: 3 }),
    told: [],
  },
  {
    name: 'hoarse voice that might be noise-(opening: an order)->hold, then yield',
    play: (o) => o.start().saying(400, 'command', {}, { periodicity: 0.2 }),
    told: ['hold for command at 140', 'pauses', 'yield for command at 320', 'stops'],
  },
  {
    name: 'voice-(openings are told, but of this one not yet)->its first words alone are no order',
    play: (o) => o.sound(100).start().saying(40, 'words').quiet(500).sound(200).words('no no').sound(200),
    told: [],
  },
  {
    name: 'voice-(openings are told, but none of this one)->nobody says anything in it',
    play: (o) =>
      o.sound(100).start().saying(40, 'words').quiet(500).stop().start('t2').sound(1_000).quiet(500),
    told: [],
  },
  {
    name: 'voice-(openings are told, of this one only words)->as without them',
    play: (o) =>
      o
        .sound(100)
        .start()
        .saying(40, 'words')
        .quiet(500)
        .stop()
        .start('t2')
        .sound(300)
        .words('but', false, 't2')
        .sound(300),
    told: ['hold for words at 1120', 'pauses'],
  },
  {
    name: 'noise that becomes a voice late-(opening: words)->it takes three',
    play: (o) =>
      o.start().sound(700, { periodicity: 0.6 }).saying(600, 'words').saying(400, 'words', { count: 3 }),
    told: ['keep for noise at 480', 'hold for words at 1340', 'pauses', 'yield for words at 1520', 'stops'],
  },
  {
    name: 'voice-(opening told long ago)->as without one',
    play: (o) => o.sound(100).start().saying(40, 'backchannel').sound(500),
    told: ['hold for speech at 480', 'pauses'],
  },
  {
    name: 'voice-(opening: a nod that lasts, resumeFalseInterruption: false)->it talks on',
    options: { resumeFalseInterruption: false },
    play: (o) => o.sound(100).start().saying(800, 'backchannel'),
    told: [],
  },
  {
    name: 'voice-(480 ms, edge)->yield, once',
    play: (o) => o.sound(100).start().sound(1_000).quiet(400).stop(),
    told: ['yield for speech at 480', 'stops', 'answer t1'],
  },
  {
    name: 'voice-(no edge, no VAD)->nothing is told',
    play: (o) => o.sound(1_000).quiet(500),
    told: [],
  },
  {
    name: 'voice-(no edge, but a VAD that is sure)->yield',
    play: (o) => o.withVad(800, 0.9),
    told: ['yield for speech at 480', 'stops'],
  },
  {
    name: 'voice-(320 ms, no words)->keep, and no turn',
    play: (o) => o.sound(100).start().sound(220).quiet(500).stop(),
    told: ['keep for too_short at 680', 'dismiss t1'],
  },
  {
    name: 'edges only-(480 ms)->yield',
    play: (o) => o.start().pass(1_000).stop(),
    told: ['yield for speech at 480', 'stops', 'answer t1'],
  },
  {
    name: 'edges only-(stop after 300 ms)->keep',
    play: (o) => o.start().pass(300).stop(),
    told: ['keep for too_short at 300', 'dismiss t1'],
  },
  {
    name: 'a cough-(no pitch)->keep for noise',
    play: (o) => o.start().sound(600, { periodicity: 0.1 }).quiet(500).stop(),
    told: ['keep for noise at 360', 'dismiss t1'],
  },
  {
    name: 'a hum-(pitch, and never louder or softer)->keep for noise',
    play: (o) => o.start().sound(900, { swing: 0 }).quiet(500).stop(),
    told: ['keep for noise at 480', 'dismiss t1'],
  },
  {
    name: 'sound-(VAD says no)->keep for noise',
    play: (o) => o.start().withVad(800, 0.2, { periodicity: 0.6 }).quiet(500).stop(),
    told: ['keep for noise at 480', 'dismiss t1'],
  },
  {
    name: 'our own voice-(correlated)->keep for echo',
    play: (o) => o.sound(100).start().sound(800, { echo: 0.9 }).quiet(500).stop(),
    told: ['keep for echo at 460', 'dismiss t1'],
  },
  {
    name: 'our own voice, echo: false-(correlated)->yield',
    options: { echo: false },
    play: (o) => o.start().sound(800, { echo: 0.9 }),
    told: ['yield for speech at 480', 'stops'],
  },
  {
    name: 'echo, then a voice over it->yield',
    play: (o) => o.sound(300, { echo: 0.9 }).start().sound(800, { echo: 0.1 }),
    told: ['yield for speech at 780', 'stops'],
  },
  {
    name: 'voice-(two words, and they stay)->yield',
    play: (o) => o.start().sound(200).words('I have a').sound(400),
    told: ['yield for words at 340', 'stops'],
  },
  {
    name: 'voice-(a command, and it stays)->yield',
    options: { minWords: 3 },
    play: (o) => o.start().sound(200).words('stop').sound(200),
    told: ['yield for command at 340', 'stops'],
  },
  {
    name: 'voice-(words that become others)->keep',
    play: (o) => o.start().sound(200).words('or of').sound(100).words('uh huh').sound(100).quiet(500).stop(),
    told: [],
  },
  {
    name: 'voice-(one word, and then another behind it)->yield, for the first is sure',
    play: (o) => o.start().sound(200).words('no').sound(40).words('no the').sound(100),
    told: ['yield for command at 240', 'stops'],
  },
  {
    name: 'voice-(one short word that is none of the small ones)->keep',
    play: (o) => o.start().sound(300).words('could').quiet(500).stop().words('could', true),
    told: ['keep for too_short at 800', 'dismiss t1'],
  },
  {
    name: 'voice-(too few words)->keep',
    options: { minWords: 3 },
    play: (o) =>
      o.start().sound(200).words('but maybe').sound(600).quiet(500).stop().words('but maybe', true),
    told: ['keep for too_few_words at 1300', 'dismiss t1'],
  },
  {
    name: 'voice-(small words in several languages)->keep',
    play: (o) =>
      o.start().sound(200).words('Ja, ok. Genau').sound(600).quiet(500).stop().words('Ja, ok. Genau!', true),
    told: ['keep for backchannel at 1300', 'dismiss t1'],
  },
  {
    name: 'voice-(small words without an end)->yield',
    play: (o) => o.start().sound(200).words('yeah').sound(1_600),
    told: ['hold for speech at 540', 'pauses', 'yield for speech at 1500', 'stops'],
  },
  {
    name: 'words of nobody (a cough)->keep',
    play: (o) =>
      o.start().sound(200, { periodicity: 0.1 }).words('put').sound(400, { periodicity: 0.1 }).quiet(500),
    told: ['keep for noise at 360'],
  },
  {
    name: 'voice-(no words yet)->hold-(words)->yield',
    play: (o) => {
      o.transcribes = true;
      o.start().sound(700).words('what about').sound(200);
    },
    told: ['hold for speech at 480', 'pauses', 'yield for words at 840', 'stops'],
  },
  {
    name: 'voice-(no words yet)->hold-(it goes on)->yield',
    play: (o) => {
      o.transcribes = true;
      o.start().sound(2_000);
    },
    told: ['hold for speech at 480', 'pauses', 'yield for speech at 1500', 'stops'],
  },
  {
    name: 'voice->hold-(a backchannel, at the end)->resume',
    play: (o) => {
      o.transcribes = true;
      o.start().sound(600).quiet(500).stop().pass(300).words('Of course.', true, 't1');
    },
    told: ['hold for speech at 480', 'pauses', 'resume for backchannel at 1400', 'goes on', 'dismiss t1'],
  },
  {
    name: 'voice->hold-(a question, at the end)->yield, late',
    play: (o) => {
      o.transcribes = true;
      o.start().sound(600).quiet(500).stop().pass(300).words('Why?', true, 't1');
    },
    told: ['hold for speech at 480', 'pauses', 'yield for words at 1400', 'stops late', 'answer t1'],
  },
  {
    name: 'voice->hold-(no words within two seconds)->resume',
    play: (o) => {
      o.transcribes = true;
      o.start().sound(600).quiet(500).stop().pass(5_000);
    },
    told: ['hold for speech at 480', 'pauses', 'resume for no_words at 3100', 'goes on', 'dismiss t1'],
  },
  {
    name: 'voice->hold-(a turn that never ends)->resume',
    play: (o) => {
      o.transcribes = true;
      o.start().sound(600).pass(5_000);
    },
    told: ['hold for speech at 480', 'pauses', 'resume for no_words at 2960', 'goes on'],
  },
  {
    name: 'voice-(words, resumeFalseInterruption: false)->yield without a pause',
    options: { resumeFalseInterruption: false },
    play: (o) => {
      o.transcribes = true;
      o.start().sound(700);
    },
    told: ['yield for speech at 480', 'stops'],
  },
  {
    name: 'a short word, understood late->yield, late',
    play: (o) => {
      o.transcribes = true;
      o.start().sound(300).quiet(500).stop().pass(200).words('Stop.', true, 't1');
    },
    told: ['yield for command at 1000', 'stops late', 'answer t1'],
  },
  {
    name: 'a short word, understood when the agent has finished->an answer',
    play: (o) => {
      o.transcribes = true;
      o.start().sound(300).quiet(500).stop();
      o.floor = 'free';
      o.words('Yes.', true, 't1');
    },
    told: ['answer t1'],
  },
  {
    name: 'a tool runs-(voice)->keep, and the turn is answered',
    play: (o) => {
      o.tools = 1;
      o.start().sound(800).quiet(500).stop();
    },
    told: ['keep for tool_shield at 480', 'answer t1'],
  },
  {
    name: 'a tool runs-(command)->yield',
    play: (o) => {
      o.tools = 1;
      o.start().sound(200).words('wait').sound(200);
    },
    told: ['yield for command at 340', 'stops'],
  },
  {
    name: 'a tool runs, toolShield: false-(voice)->yield',
    options: { toolShield: false },
    play: (o) => {
      o.tools = 1;
      o.start().sound(800);
    },
    told: ['yield for speech at 480', 'stops'],
  },
  {
    name: 'uninterruptible speech-(voice)->keep, and the turn is answered',
    play: (o) => {
      o.interruptible = false;
      o.start().sound(800).quiet(500).stop();
    },
    told: ['keep for uninterruptible at 480', 'answer t1'],
  },
  {
    name: 'a turn, then a softer voice in the overlap->keep for side speech',
    play: (o) => {
      o.floor = 'free';
      o.start('t0').sound(1_000).quiet(500).stop('t0');
      o.floor = 'audible';
      o.start().sound(1_500, { db: -39 }).quiet(500).stop();
    },
    told: ['answer t0', 'keep for side_speech at 1980', 'dismiss t1'],
  },
  {
    name: 'a turn of nothing but noise while nobody speaks->dismiss',
    play: (o) => {
      o.floor = 'free';
      o.start().sound(800, { periodicity: 0.1 }).quiet(500).stop();
    },
    told: ['dismiss for noise at 1300', 'dismiss t1'],
  },
  {
    name: 'a turn while nobody speaks->answered, whatever it says',
    play: (o) => {
      o.floor = 'free';
      o.transcribes = true;
      o.start().sound(300).quiet(500).stop().words('yes', true, 't1');
    },
    told: ['answer t1'],
  },
  {
    name: 'the wire cuts-(a cough)->the agent goes on with what it has, and asks for the rest',
    play: (o) => o.start().input({ t: 'cut' }).sound(400, { periodicity: 0.1 }).quiet(500).stop(),
    told: ['keep for noise at 360', 'dismiss t1', 'continue'],
  },
  {
    name: 'the wire cuts-(a voice)->yield',
    play: (o) => o.start().input({ t: 'cut' }).sound(800),
    told: ['yield for speech at 480', 'stops'],
  },
  {
    name: 'the wire cuts-(nothing is heard)->it asks for the rest',
    play: (o) => o.input({ t: 'cut' }).pass(3_000),
    told: ['keep for model_cut at 2000', 'continue'],
  },
  {
    name: 'the wire cuts-(and answers)->yield',
    play: (o) => {
      o.transcribes = true;
      o.start().input({ t: 'cut' }).sound(300).stop().input({ t: 'reply' });
    },
    told: ['yield for model_answered at 300', 'stops late', 'answer t1'],
  },
  {
    name: 'held-(the application interrupts)->nothing more is decided',
    play: (o) => {
      o.transcribes = true;
      o.start().sound(600);
      o.floor = 'free';
      o.quiet(500).stop().words('right', true, 't1').pass(5_000);
    },
    told: ['hold for speech at 480', 'pauses', 'answer t1'],
  },
  {
    name: 'discarded->it was no turn',
    play: (o) =>
      o.start().sound(200).input({ t: 'speech', edge: 'discarded', turn: 't1', by: 'wire' }).pass(5_000),
    told: [],
  },
];

describe('an overlap', () => {
  test.each(rows)('$name', ({ options, play, told }) => {
    const overlap = new Overlap(options);
    play(overlap);
    expect(overlap.told).toEqual(told);
  });
});
