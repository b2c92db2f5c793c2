import { type Ms, ProviderError, type ReparteeError } from '../../core/index.js';
import type { RealtimeEvents } from '../../realtime/index.js';
import type { SessionHost } from '../session-host.js';
import { SttLane, type SttListener } from './stt-lane.js';
import type { Span, Transcript, TranscriptRecord } from './transcript.js';
import { Transcripts } from './transcripts.js';

export interface TranscriptOptions {
  /** Which words the history keeps. Default `both`, or `model` without an `stt` beside the model. */
  record?: TranscriptRecord;
  /** For the `stt`: the language spoken, as its vendor calls it. */
  language?: string;
  /** For the `stt`: what it may expect to hear. */
  prompt?: string;
  /** How long the words of the `stt` may take after the end of a turn, before the history does without. Default 10,000. */
  timeoutMs?: Ms;
}

export interface ListeningOptions {
  transcripts?: TranscriptOptions;
}

type Said = RealtimeEvents['input_audio_transcription_completed'];

const defaultTimeoutMs: Ms = 10_000;
/** How much of the line is kept for an ear that learns late that a turn has begun. */
const lookBackMs: Ms = 3_000;
/** Where an edge does not include what comes before the first loud sound, so much is taken with it. */
const prefixMs: Ms = 300;

/**
 * The session's ears: the model's, and a recogniser beside it. Both hear the same turns; what each understood is told, labelled, and kept;
 * neither waits for the other.
 */
export class Listening implements SttListener {
  readonly transcripts: Transcripts;
  readonly #host: SessionHost;
  readonly #options: ListeningOptions;
  #lane: SttLane | undefined;

  constructor(host: SessionHost, options: ListeningOptions) {
    this.#host = host;
    this.#options = options;
    const beside = () => host.engine()?.stt;
    this.transcripts = new Transcripts({
      get record() {
        return options.transcripts?.record ?? (beside() === undefined ? 'model' : 'both');
      },
      clock: host.clock,
      hears: (source) => (source === 'stt' ? beside() !== undefined : host.model().transcribes),
      keep: (item, said) => {
        if (said === undefined) host.conversation.notTranscribed(item);
        else host.conversation.recorded(item, said.text, said.confidence);
      },
    });
  }

  /** The transport has started, or the engine is there: with both it begins. */
  begin(): void {
    const { path, clock, engine } = this.#host;
    const stt = engine()?.stt;
    if (stt === undefined || path.sampleRateHz === 0 || this.#lane !== undefined) return;
    const { language, prompt, timeoutMs = defaultTimeoutMs } = this.#options.transcripts ?? {};
    path.keep(lookBackMs);
    const speech = {
      timeoutMs,
      ...(language === undefined ? {} : { language }),
      ...(prompt === undefined ? {} : { prompt }),
    };
    this.#lane = new SttLane(stt, path, clock, speech, this);
  }

  speechStarted({ turnId, itemId, atMs }: RealtimeEvents['input_speech_started']): void {
    const { conversation, input } = this.#host;
    const fromMs = this.#beginMs(atMs);
    conversation.speechStarted(turnId, itemId);
    this.transcripts.begin(turnId, atMs === undefined ? undefined : fromMs);
    if (itemId !== undefined) this.transcripts.name(turnId, itemId);
    this.#lane?.open(turnId, fromMs);
    this.#tell('start', turnId);
    input({ t: 'speech', edge: 'start', turn: turnId, voiceEndedMs: 0 });
  }

  /** `voiceEndedMs`: on the session's clock. */
  speechStopped({ turnId, atMs, discarded }: RealtimeEvents['input_speech_stopped'], voiceEndedMs: Ms): void {
    const { conversation, input, path } = this.#host;
    if (discarded) {
      conversation.speechDiscarded(turnId);
      this.transcripts.discard(turnId);
      if (this.#lane?.openTurn === turnId) this.#lane.discard();
    } else {
      this.transcripts.end(turnId, atMs === undefined ? undefined : path.fromModelMs(atMs));
      if (this.#lane?.openTurn === turnId) this.#lane.flush();
    }
    const edge = discarded ? 'discarded' : 'stop';
    this.#tell(edge, turnId);
    input({ t: 'speech', edge, turn: turnId, voiceEndedMs });
  }

  committed({ turnId, itemId }: RealtimeEvents['input_audio_committed']): void {
    const { conversation, input } = this.#host;
    conversation.committed(turnId, itemId);
    // Nobody said when it began: all that no turn has had is it.
    if (!this.transcripts.has(turnId)) this.#lane?.open(turnId, 0);
    if (this.#lane?.openTurn === turnId) this.#lane.flush();
    this.transcripts.place(turnId, itemId);
    input({ t: 'refresh' });
  }

  /** Words of the model's own transcription. */
  transcribed({ itemId, turnId, text, words, language, confidence }: Said, isFinal: boolean): void {
    const turn = turnId ?? this.transcripts.turnOf(itemId) ?? itemId;
    this.#host.conversation.place(itemId, turnId);
    this.transcripts.name(turn, itemId);
    const span = this.transcripts.spanOf(turn);
    const fromMs = span?.fromMs;
    this.#heard({
      turnId: turn,
      itemId,
      source: 'model',
      text,
      isFinal,
      ...(span === undefined ? {} : { span }),
      ...(confidence === undefined ? {} : { confidence }),
      ...(words === undefined || fromMs === undefined
        ? {}
        : {
            words: words.map(({ text, ...at }) => ({
              text,
              fromMs: fromMs + at.fromMs,
              toMs: fromMs + at.toMs,
            })),
          }),
      ...(language === undefined ? {} : { language }),
    });
  }

  /** The model's own transcription has failed. */
  notTranscribed({ itemId, turnId, message }: RealtimeEvents['input_audio_transcription_failed']): void {
    const turn = turnId ?? this.transcripts.turnOf(itemId) ?? itemId;
    this.transcripts.name(turn, itemId);
    this.transcripts.failed(turn, 'model', new ProviderError('stt_failed', message));
  }

  interim(turn: string, text: string, span: Span): void {
    if (text !== '') this.#ofStt(turn, { text, isFinal: false, span });
  }

  final(turn: string, { text, words, confidence }: Parameters<SttListener['final']>[1], span: Span): void {
    const sure = confidence === undefined ? {} : { confidence };
    this.#ofStt(turn, { text, isFinal: true, span, ...(words.length === 0 ? {} : { words }), ...sure });
  }

  failed(turn: string, error: ReparteeError): void {
    if (this.transcripts.has(turn)) this.transcripts.failed(turn, 'stt', error);
    this.#host.emit('error', error);
  }

  close(): void {
    this.transcripts.close();
    this.#lane?.close();
  }

  #beginMs(atMs: Ms | undefined): Ms {
    const { path } = this.#host;
    if (atMs === undefined) return path.positionMs - prefixMs;
    return path.fromModelMs(atMs) - (this.#byWire ? 0 : prefixMs);
  }

  get #byWire(): boolean {
    return this.#host.model().capabilities.speech === 'edges';
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

  #tell(edge: 'start' | 'stop' | 'discarded', turn: string): void {
    const by = this.#byWire ? 'wire' : 'vad';
    this.#host.evidence?.({ t: 'speech', edge, turn, by, atMs: this.#host.clock.now() });
  }
}
