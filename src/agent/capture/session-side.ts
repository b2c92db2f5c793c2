import type { Item } from '../../chat/index.js';
import type { Clock, ReparteeError } from '../../core/index.js';
import type { RealtimeSession, TurnRule } from '../../realtime/index.js';
import type { SessionHost } from '../session-host.js';
import type { CaptureHost, CaptureListener, CaptureSpeech, WrongValues } from './host.js';
import type { CaptureSource } from './source.js';

/** A session as a capture sees it. */
export class SessionSide implements CaptureHost {
  readonly #host: SessionHost;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  get words(): CaptureSource {
    return this.#host.listening().transcripts;
  }

  get isUserSpeaking(): boolean {
    return this.#host.state.user === 'speaking';
  }

  get hasKeypad(): boolean {
    return this.#host.hasKeypad();
  }

  listen(to: CaptureListener): () => void {
    const { events } = this.#host;
    const off = [
      events.on('user_state_changed', (change) => to.speech(change.to === 'speaking' ? 'start' : 'stop')),
      events.on('user_input_transcribed', ({ turnId, isFinal }) => {
        if (isFinal && !this.isUserSpeaking) to.words(turnId);
      }),
      events.on('dtmf_received', ({ digits, ended }) => {
        if (ended !== 'close') to.keys(digits);
      }),
    ];
    return () => {
      for (const one of off) one();
    };
  }

  say(text: string): CaptureSpeech {
    const speech = this.#host.say(text, { priority: 'high' });
    return {
      finished: speech.finished,
      stop: () => {
        if (!speech.done) speech.interrupt({ force: true });
      },
    };
  }

  /** Where the wire answers turns by itself it is told not to; what it answers all the same is stopped before it is heard. */
  hold(): () => void {
    const host = this.#host;
    host.holds.add(this);
    const model = host.model();
    const rule = model.turns;
    const isOurs = rule.owner === 'wire' && rule.autoReply && maySwitch(model);
    if (isOurs) this.#turns(model, { ...rule, autoReply: false });
    const off = host.events.on('speech_created', ({ speech, source }) => {
      if (source === 'turn' || source === 'wire') speech.interrupt({ force: true });
    });
    return () => {
      off();
      host.holds.delete(this);
      // Another capture may go on.
      const now = model.turns;
      if (!isOurs || host.isHeld || host.model() !== model || now.owner !== 'wire') return;
      this.#turns(model, { ...now, autoReply: true });
    };
  }

  repair({ says, note }: WrongValues): void {
    const model = this.#host.model();
    if (model.state === 'closed') return;
    const wrong = model.remoteItems.filter((item) => isAgents(item) && says(textOf(item)));
    if (model.capabilities.remove) {
      for (const { id } of wrong) this.#expectOk(model.removeItem(id), model);
      return;
    }
    if (model.capabilities.history === 'opening') return;
    const parts = [{ kind: 'text', text: note } as const];
    const id = this.#host.conversation.noted(note);
    this.#expectOk(model.addItem({ kind: 'message', id, role: 'system', parts }), model);
  }

  #turns(model: RealtimeSession, turns: TurnRule): void {
    if (model.state !== 'closed') this.#expectOk(model.updateOptions({ turns }), model);
  }

  #expectOk(done: Promise<unknown>, model: RealtimeSession): void {
    done.catch((error: ReparteeError) => {
      if (model.state !== 'closed') this.#host.emit('error', error);
    });
  }
}

function maySwitch({ capabilities }: RealtimeSession): boolean {
  return capabilities.autoReply === 'switchable' && capabilities.configure.turns === 'live';
}

function isAgents(item: Item): boolean {
  return item.kind === 'message' && item.role === 'assistant';
}

function textOf(item: Item): string {
  if (item.kind !== 'message') return '';
  return item.parts
    .map((part) => (part.kind === 'text' ? part.text : part.kind === 'audio' ? (part.transcript ?? '') : ''))
    .join(' ');
}
