import {
  connectVoice,
  isMicrophoneError,
  type VoiceClient,
  type VoiceDiagnostics,
  type VoiceStatus,
} from 'repartee/client';
import { type Conversation, emptyConversation, hear, nextSession, note } from './conversation.js';
import { byId, setText } from './dom.js';
import { type AppMessage, type PageCommand, readMessage } from './messages.js';
import { Meter } from './meter.js';
import { MicrophoneSelect } from './microphone-select.js';
import { listenForKeys } from './shortcuts.js';
import { isOpen, type Situation, shownState, stateWords } from './state.js';
import { seconds, TranscriptView } from './transcript-view.js';
import { reconnectingTrouble, type Trouble, trouble } from './trouble.js';

/** The whole page: what it knows, what it shows, what its buttons do. */
export class Page {
  readonly #ui = {
    state: byId('state'),
    stateWords: byId('state-words'),
    subtitle: byId('subtitle'),
    lastLatency: byId('last-latency'),
    notice: byId('notice'),
    intro: byId('intro'),
    talk: byId<HTMLButtonElement>('talk'),
    talkWords: byId('talk-words'),
    mute: byId<HTMLButtonElement>('mute'),
    interrupt: byId<HTMLButtonElement>('interrupt'),
    say: byId<HTMLFormElement>('say'),
    text: byId<HTMLInputElement>('text'),
    send: byId<HTMLButtonElement>('send'),
    trouble: byId('trouble'),
    troubleTitle: byId('trouble-title'),
    troubleAdvice: byId('trouble-advice'),
    retry: byId<HTMLButtonElement>('trouble-retry'),
    reconnect: byId<HTMLButtonElement>('trouble-reconnect'),
    type: byId<HTMLButtonElement>('trouble-type'),
    closeTrouble: byId<HTMLButtonElement>('trouble-close'),
    announce: byId('announce'),
  };
  readonly #transcript = new TranscriptView(byId('transcript'), byId('scroller'));
  readonly #meterYou = new Meter(byId('meter-you'));
  readonly #meterAgent = new Meter(byId('meter-agent'));
  readonly #microphones = new MicrophoneSelect(byId<HTMLSelectElement>('microphone'), (deviceId) =>
    this.#changeMicrophone(deviceId),
  );
  #conversation: Conversation = emptyConversation();
  #situation: Situation = {
    status: null,
    agent: 'initializing',
    user: 'listening',
    muted: false,
    retryInSeconds: null,
  };
  #client: VoiceClient | undefined;
  #giveUp: AbortController | undefined;
  #countdown: ReturnType<typeof setInterval> | undefined;
  #trouble: Trouble | null = null;
  #agentName = 'Agent';
  #drawing = false;

  constructor() {
    const ui = this.#ui;
    ui.talk.addEventListener('click', () => this.#startOrEnd());
    ui.mute.addEventListener('click', () => this.#setMuted(!this.#situation.muted));
    ui.interrupt.addEventListener('click', () => this.#tell({ type: 'interrupt' }));
    ui.say.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#say();
    });
    ui.retry.addEventListener('click', () => void this.#start());
    ui.type.addEventListener('click', () => void this.#start({ microphone: false }));
    ui.reconnect.addEventListener('click', () => this.#client?.retryNow());
    ui.closeTrouble.addEventListener('click', () => {
      this.#showTrouble(null);
      ui.talk.focus();
    });
    listenForKeys({
      s: () => this.#startOrEnd(),
      m: () => {
        if (!ui.mute.disabled) this.#setMuted(!this.#situation.muted);
      },
      '/': () => ui.text.focus(),
      Escape: () => this.#tell({ type: 'interrupt' }),
    });
    void this.#microphones.refresh();
    this.#draw();
  }

  get diagnostics(): VoiceDiagnostics | undefined {
    return this.#client?.diagnostics;
  }

  #startOrEnd(): void {
    if (!isOpen(this.#situation.status)) void this.#start();
    else {
      this.#showTrouble(null);
      this.#giveUp?.abort();
      this.#client?.close();
    }
  }

  async #start(options: { microphone?: false } = {}): Promise<void> {
    if (isOpen(this.#situation.status)) return;
    this.#showTrouble(null);
    this.#ui.talk.focus();
    if (this.#conversation.entries.length > 0) this.#conversation = nextSession(this.#conversation);
    this.#setMuted(false);
    this.#giveUp = new AbortController();
    try {
      const client = await connectVoice({
        url: 'voice',
        microphone: options.microphone ?? this.#microphones.choice,
        signal: this.#giveUp.signal,
        onStatus: (status) => this.#status(status),
        onData: (data) => {
          const message = readMessage(data);
          if (message !== null) this.#message(message);
        },
        // The end of the conversation is told by its status.
        onError: (error) => this.#showTrouble(trouble(error)),
      });
      this.#client = client;
      client.on('microphone', (microphone) => void this.#microphones.refresh(microphone));
      client.setMuted(this.#situation.muted);
      void this.#microphones.refresh(client.microphone);
      this.#animate(client);
      this.#draw();
    } catch (error) {
      // The status has said the same; a choice of a microphone that is gone should not stand in the way again.
      if (isMicrophoneError(error)) void this.#microphones.forget();
    }
  }

  #status(status: VoiceStatus): void {
    const before = this.#situation.status;
    this.#situation.status = status;
    this.#countDown(status);
    switch (status.phase) {
      case 'live':
        if (before?.phase === 'reconnecting') {
          this.#conversation = note(
            nextSession(this.#conversation),
            'The connection is back. This is a new conversation.',
          );
          this.#announce('The connection is back.');
        } else this.#announce('Connected.');
        this.#situation.agent = 'initializing';
        this.#situation.user = 'listening';
        this.#showTrouble(null);
        break;
      case 'reconnecting':
        this.#showTrouble(reconnectingTrouble);
        break;
      case 'closed':
        this.#client = undefined;
        if (status.error !== undefined) this.#showTrouble(trouble(status.error));
        // What the server's last message said stays to be read.
        else if (this.#trouble === reconnectingTrouble) this.#showTrouble(null);
        if (status.error === undefined) this.#announce('The conversation has ended.');
        break;
    }
    this.#draw();
  }

  #countDown(status: VoiceStatus): void {
    clearInterval(this.#countdown);
    this.#situation.retryInSeconds = null;
    if (status.phase !== 'reconnecting' || status.retryInMs === null) return;
    const untilMs = performance.now() + status.retryInMs;
    const tick = () => {
      this.#situation.retryInSeconds = Math.max(1, Math.ceil((untilMs - performance.now()) / 1000));
      this.#draw();
    };
    tick();
    this.#countdown = setInterval(tick, 250);
  }

  #message(message: AppMessage): void {
    this.#conversation = hear(this.#conversation, message);
    switch (message.type) {
      case 'hello':
        this.#hello(message);
        break;
      case 'state':
        this.#situation.agent = message.agent;
        this.#situation.user = message.user;
        break;
      case 'user_transcript':
        if (message.final && message.text !== '') this.#announce(`You said: ${message.text}`);
        break;
      case 'tool':
        if (message.phase !== 'started') this.#announce(`Tool ${message.name}: ${message.phase}.`);
        break;
      case 'latency':
        this.#ui.lastLatency.hidden = false;
        setText(this.#ui.lastLatency, `Answer after ${seconds(message.v2vMs)}`);
        break;
      case 'error':
        this.#showTrouble(trouble(message));
        break;
    }
    this.#drawSoon();
  }

  #hello(hello: AppMessage & { type: 'hello' }): void {
    this.#agentName = hello.agent === '' ? 'Agent' : hello.agent;
    setText(this.#ui.subtitle, `${this.#agentName}, on ${hello.model || 'an unnamed model'}`);
    const scripted = hello.scripted
      ? 'This demo’s dialogue is a script, not a language model: it understands what its script foresees.'
      : '';
    const words = [scripted, hello.notice ?? ''].filter((part) => part !== '').join(' ');
    this.#ui.notice.hidden = words === '';
    this.#ui.notice.dataset.scripted = String(hello.scripted);
    setText(this.#ui.notice, words);
  }

  #say(): void {
    const text = this.#ui.text.value.trim();
    if (text !== '' && this.#tell({ type: 'text', text })) this.#ui.text.value = '';
  }

  #tell(command: PageCommand): boolean {
    return this.#client?.send({ ...command }) ?? false;
  }

  #setMuted(muted: boolean): void {
    this.#situation.muted = muted;
    this.#client?.setMuted(muted);
    this.#draw();
  }

  async #changeMicrophone(deviceId: string): Promise<void> {
    try {
      await this.#client?.useMicrophone(deviceId === '' ? {} : { deviceId });
    } catch (error) {
      this.#showTrouble(trouble(error as { code: string; message: string }));
      void this.#microphones.refresh(this.#client?.microphone);
    }
  }

  #animate(client: VoiceClient): void {
    const frame = () => {
      // Without a connection nobody hears what the microphone does.
      this.#meterYou.show(client.status.phase === 'live' ? client.microphoneLevel : 0);
      this.#meterAgent.show(client.agentLevel);
      if (client.status.phase !== 'closed') requestAnimationFrame(frame);
    };
    frame();
  }

  #showTrouble(trouble: Trouble | null): void {
    this.#trouble = trouble;
    const ui = this.#ui;
    ui.trouble.hidden = trouble === null;
    if (trouble === null) return;
    setText(ui.troubleTitle, trouble.title);
    setText(ui.troubleAdvice, trouble.advice);
    ui.retry.hidden = !trouble.actions.includes('retry');
    ui.type.hidden = !trouble.actions.includes('type');
    ui.reconnect.hidden = !trouble.actions.includes('reconnect');
  }

  #announce(words: string): void {
    this.#ui.announce.textContent = words;
  }

  /** Many messages come in a burst; one drawing does. */
  #drawSoon(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const ui = this.#ui;
    const s = this.#situation;
    const open = isOpen(s.status);
    const live = s.status?.phase === 'live';
    const shown = shownState(s);
    ui.state.dataset.state = shown;
    document.body.dataset.state = shown;
    setText(ui.stateWords, stateWords(s));
    ui.intro.hidden = this.#conversation.entries.length > 0;
    setText(ui.talkWords, open ? 'End' : 'Start');
    ui.talk.dataset.open = String(open);
    ui.mute.disabled = !live || this.#client?.microphone === null;
    ui.mute.setAttribute('aria-pressed', String(s.muted));
    setText(ui.mute, s.muted ? 'Unmute' : 'Mute');
    ui.text.disabled = !live;
    ui.send.disabled = !live;
    ui.interrupt.disabled = !live || (s.agent !== 'speaking' && s.agent !== 'thinking');
    this.#transcript.draw(this.#conversation);
  }
}
