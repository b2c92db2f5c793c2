import type { Word } from '../../chat/index.js';
import { type Clock, type Ms, ProviderError, type ReparteeError, toReparteeError } from '../../core/index.js';
import { none } from '../../core/none.js';
import type { RealtimeEvents } from '../../realtime/index.js';
import type { Opening, STT, VAD } from '../../speech/contracts.js';
import type { SessionHost } from '../session-host.js';
import { type ListeningOptions, prefixMs } from './listening-options.js';
import { Replier } from './replier.js';
import { SttLane, type SttListener } from './stt-lane.js';
import type { Span, Transcript, TranscriptRecord, TranscriptSource } from './transcript.js';
import { Transcripts, type TranscriptsOptions } from './transcripts.js';
import type { TurnPlan } from './turn-rule.js';
import { TurnTaking } from './turn-taking.js';

type Said = RealtimeEvents['input_audio_transcription_completed'];

const defaultTimeoutMs: Ms = 10_000;
/** How much of the line is kept for an ear that learns late that a turn has begun, as when a connection was lost meanwhile. */
const lookBackMs: Ms = 8_000;
/**
 * The session's ears: the model's, and a recogniser beside it. Both hear the same turns; what each understood is told, labelled, and kept;
 * neither waits for the other.
 */
export class Listening implements SttListener {
  readonly transcripts: Transcripts;
  readonly turns: TurnTaking;
  readonly #replier: Replier;
  readonly #host: SessionHost;
  readonly #options: ListeningOptions;
  #stt: STT | undefined;
  #lane: SttLane | undefined;
  /** They still tell what they were asked for. */
  #retired: readonly SttLane[] = none;
  #hasBegun = false;
  #pending: (() => void) | undefined;

  constructor(host: SessionHost, options: ListeningOptions) {
    this.#host = host;
    this.#options = options;
    this.transcripts = new Transcripts(new EarsSide(host, this, options.transcripts?.record));
    this.turns = new TurnTaking(host, this, options);
    this.#replier = new Replier(host, this.transcripts);
  }

  /** There is a recogniser beside the model. */
  get hasStt(): boolean {
    return this.#stt !== undefined;
  }

  /** The transport has started. */
  begin(): void {
    this.#hasBegun = true;
    this.#pending?.();
    this.#pending = undefined;
  }

  /** What hears, who ends the turns and who answers them, from now on: where the transport has started, or as soon as it has. */
  serve(plan: TurnPlan, { stt, vad }: { stt?: STT; vad?: VAD }): void {
    this.#replier.repliesBy = plan.repliesBy;
    if (!this.#hasBegun) {
      this.#pending = () => this.serve(plan, { ...(stt && { stt }), ...(vad && { vad }) });
      return;
    }
    if (stt !== this.#stt) {
      if (this.#lane !== undefined) this.#retired = this.#retired.concat(this.#lane);
      this.#lane?.retire();
      this.#stt = stt;
      this.#lane = stt === undefined ? undefined : this.#laneOf(stt);
    }
    this.turns.use(plan, vad);
  }

  /** The wire heard the user begin. */
  speechStarted({ turnId, itemId, atMs }: RealtimeEvents['input_speech_started']): void {
    // Of a wire that has just been told that it does not end the turns any more.
    if (this.turns.mode !== 'realtime_llm') return;
    this.#begin(turnId, itemId, this.#beginMs(atMs), atMs !== undefined);
    this.#voiceStarted(turnId, this.#byWire ? 'wire' : 'vad');
  }

  /** `voiceEndedMs`: on the session's clock. */
  speechStopped({ turnId, atMs, discarded }: RealtimeEvents['input_speech_stopped'], voiceEndedMs: Ms): void {
    if (!this.transcripts.has(turnId)) return;
    if (discarded) return this.turnDiscarded(turnId);
    this.#end(turnId, atMs === undefined ? undefined : this.#host.path.fromModelMs(atMs));
    this.voiceStopped(turnId, voiceEndedMs, this.#byWire ? 'wire' : 'vad');
  }

  /** The turn is an item of the model's conversation. */
  committed(event: RealtimeEvents['input_audio_committed']): void {
    const { itemId } = event;
    const { conversation, input } = this.#host;
    const { turn, answer } = this.turns.taken(event.turnId);
    // Nobody said when it began: all that no turn has had is it.
    if (!this.transcripts.has(turn)) this.#lane?.open(turn, 0);
    if (this.#lane?.openTurn === turn) this.#lane.flush();
    conversation.committed(turn, itemId);
    this.transcripts.place(turn, itemId);
    input({ t: 'refresh' });
    this.#replier.completed(turn, itemId, answer);
  }

  /** This side heard the user begin, there on the input line. */
  turnBegan(turn: string, fromMs: Ms): void {
    this.#begin(turn, undefined, fromMs, true);
    this.#voiceStarted(turn, 'vad');
  }

  /** After a pause the user speaks on. */
  voiceWentOn(turn: string): void {
    this.#voiceStarted(turn, 'vad');
  }

  voiceStopped(turn: string, voiceEndedMs: Ms, by: 'wire' | 'vad' = 'vad'): void {
    this.#tell('stop', turn, by);
    if (this.turns.mode === 'realtime_llm') this.#replier.speechStopped(turn);
    this.#host.input({ t: 'speech', edge: 'stop', turn, voiceEndedMs });
  }

  /** This side has ended the turn; the model takes it next. `voiceEndedMs`: on the session's clock. */
  turnEnded(turn: string, voiceEndedMs: Ms): void {
    const { path, state } = this.#host;
    if (!this.transcripts.has(turn)) this.#begin(turn, undefined, path.positionMs, false);
    else this.turnPlaced(turn);
    if (state.user === 'speaking') this.voiceStopped(turn, voiceEndedMs);
    this.#end(turn, path.positionMs);
  }

  /** It was no turn. */
  turnDiscarded(turn: string): void {
    const { conversation, input } = this.#host;
    const hasBegun = conversation.hasBegun(turn);
    conversation.speechDiscarded(turn, this.transcripts.itemOf(turn));
    this.transcripts.discard(turn);
    if (this.#lane?.openTurn === turn) this.#lane.discard();
    // Of one that was only listened for nobody has heard.
    if (!hasBegun) return;
    this.#tell('discarded', turn, this.#byWire ? 'wire' : 'vad');
    input({ t: 'speech', edge: 'discarded', turn, voiceEndedMs: 0 });
    this.#replier.discarded(turn);
  }

  /** The recogniser hears this turn from now on, of which nobody will say when it begins. */
  listenFor(turn: string): void {
    const { positionMs } = this.#host.path;
    this.transcripts.begin(turn, positionMs);
    this.#lane?.open(turn, positionMs);
  }

  /** The first words of such a turn: here is its place in the history. */
  turnPlaced(turn: string): void {
    const { conversation } = this.#host;
    if (!conversation.hasBegun(turn)) conversation.speechStarted(turn, undefined);
  }

  /** Another model hears these turns from their beginning: what they were so far is nothing. Those that this side ends go on. */
  unheard(turnIds: readonly string[]): void {
    if (this.turns.mode !== 'realtime_llm') return;
    for (const turn of turnIds) if (this.transcripts.has(turn)) this.turnDiscarded(turn);
  }

  /** Words of the model's own transcription. */
  transcribed({ itemId, turnId, text, words, language, confidence }: Said, isFinal: boolean): void {
    const turn = this.#turnOf(turnId, itemId);
    // Of a turn that nobody here has noticed yet: they come again.
    if (turn === undefined) return;
    const { conversation } = this.#host;
    const hasPlace = conversation.hasBegun(turn) || conversation.history.has(itemId);
    const isPlaced = this.turns.mode === 'realtime_llm' || hasPlace;
    if (isPlaced) {
      conversation.place(itemId, turn);
      this.transcripts.name(turn, itemId);
    }
    const span = this.transcripts.spanOf(turn);
    this.#heard({
      turnId: turn,
      ...(isPlaced ? { itemId } : {}),
      source: 'model',
      text,
      isFinal,
      ...(span === undefined ? {} : { span }),
      ...(confidence === undefined ? {} : { confidence }),
      ...(words === undefined || span === undefined
        ? {}
        : { words: words.map((word) => later(word, span.fromMs)) }),
      ...(language === undefined ? {} : { language }),
    });
  }

  /** The model's own transcription has failed. */
  notTranscribed({ itemId, turnId, message }: RealtimeEvents['input_audio_transcription_failed']): void {
    const turn = this.#turnOf(turnId, itemId) ?? itemId;
    this.transcripts.name(turn, itemId);
    this.transcripts.failed(turn, 'model', new ProviderError('stt_failed', message));
  }

  interim(turn: string, text: string, span: Span): void {
    if (text === '') return;
    this.turns.words(turn, text);
    this.#ofStt(turn, { text, isFinal: false, span });
  }

  opening(turn: string, opening: Opening): void {
    this.#host.evidence?.({ t: 'opening', turn, opening, atMs: this.#host.clock.now() });
  }

  final(turn: string, { text, words, confidence }: Parameters<SttListener['final']>[1], span: Span): void {
    const sure = confidence === undefined ? {} : { confidence };
    this.#ofStt(turn, { text, isFinal: true, span, ...(words.length === 0 ? {} : { words }), ...sure });
  }

  failed(turn: string, error: ReparteeError): void {
    if (this.transcripts.has(turn)) this.transcripts.failed(turn, 'stt', error);
    this.#host.emit('error', error);
  }

  used(inputAudioMs: Ms): void {
    if (this.#stt !== undefined) this.#host.accounts.heard(this.#stt.name, inputAudioMs);
  }

  close(): void {
    this.#replier.close();
    this.turns.close();
    this.transcripts.close();
    this.#lane?.close();
    for (const lane of this.#retired) lane.close();
  }

  #laneOf(stt: STT): SttLane | undefined {
    const { path, clock, emit } = this.#host;
    const { language, prompt, timeoutMs = defaultTimeoutMs } = this.#options.transcripts ?? {};
    path.keep(lookBackMs);
    const speech = {
      timeoutMs,
      ...(language === undefined ? {} : { language }),
      ...(prompt === undefined ? {} : { prompt }),
    };
    stt.warmUp().catch((thrown) => emit('error', toReparteeError(thrown, 'stt_failed')));
    return new SttLane(stt, path, clock, speech, this);
  }

  #begin(turn: string, item: string | undefined, fromMs: Ms, isKnown: boolean): void {
    this.#host.conversation.speechStarted(turn, item);
    this.transcripts.begin(turn, isKnown ? fromMs : undefined);
    if (item !== undefined) this.transcripts.name(turn, item);
    this.#lane?.open(turn, fromMs);
  }

  #end(turn: string, toMs: Ms | undefined): void {
    this.transcripts.end(turn, toMs);
    if (this.#lane?.openTurn === turn) this.#lane.flush();
  }

  #voiceStarted(turn: string, by: 'wire' | 'vad'): void {
    this.#tell('start', turn, by);
    this.#replier.speechStarted(turn);
    this.#host.input({ t: 'speech', edge: 'start', turn, voiceEndedMs: 0 });
  }

  #turnOf(name: string | undefined, item: string): string | undefined {
    return name === undefined ? (this.transcripts.turnOf(item) ?? item) : this.turns.nameOf(name);
  }

  #beginMs(atMs: Ms | undefined): Ms {
    const { path } = this.#host;
    if (atMs === undefined) return path.positionMs - prefixMs;
    return path.fromModelMs(atMs) - (this.#byWire ? 0 : prefixMs);
  }

  get #byWire(): boolean {
    return this.turns.mode === 'realtime_llm' && this.#host.model().capabilities.speech === 'edges';
  }

  #ofStt(turn: string, said: Omit<Transcript, 'turnId' | 'source'>): void {
    // Of what was no turn after all.
    if (!this.transcripts.has(turn)) return;
    const item = this.transcripts.itemOf(turn);
    const placed = item === undefined ? {} : { itemId: item };
    this.#heard({ turnId: turn, ...placed, source: 'stt', ...said });
  }

  #heard(said: Transcript): void {
    const { emit, clock } = this.#host;
    const { turnId, source, text, isFinal, words, ...more } = said;
    emit('user_input_transcribed', {
      turnId,
      transcript: text,
      isFinal,
      source,
      isRecord: source === this.transcripts.recordSource,
      ...more,
      ...(words === undefined ? {} : { words: [...words] }),
    });
    this.#host.evidence?.({ t: 'words', turn: turnId, source, text, isFinal, atMs: clock.now() });
    this.transcripts.heard(said);
  }

  #tell(edge: 'start' | 'stop' | 'discarded', turn: string, by: 'wire' | 'vad'): void {
    this.#host.evidence?.({ t: 'speech', edge, turn, by, atMs: this.#host.clock.now() });
  }
}

/** For the transcripts: whose words to expect, and where they go. */
class EarsSide implements TranscriptsOptions {
  readonly record: TranscriptRecord | undefined;
  readonly #host: SessionHost;
  readonly #ears: Listening;

  constructor(host: SessionHost, ears: Listening, record: TranscriptRecord | undefined) {
    this.record = record;
    this.#host = host;
    this.#ears = ears;
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  hears(source: TranscriptSource): boolean {
    return source === 'stt' ? this.#ears.hasStt : this.#host.model().transcribes;
  }

  keep(item: string, said: Transcript | undefined): void {
    const { conversation } = this.#host;
    if (said === undefined) conversation.notTranscribed(item);
    else conversation.recorded(item, said.text, said.confidence);
  }
}

function later({ text, fromMs, toMs }: Word, byMs: Ms): Word {
  return { text, fromMs: fromMs + byMs, toMs: toMs + byMs };
}
