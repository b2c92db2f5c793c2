import { type ReparteeError, samplesToMs } from '../core/index.js';
import type { Command, Config, Item } from '../realtime/index.js';
import type { LlmRequest } from '../speech/index.js';
import type { BrainEffect, BrainInput } from './brain/index.js';
import { Mouth, type MouthOptions } from './mouth.js';

type ReplyCommand = Extract<Command, { t: 'reply' }>;
type EffectOf<K extends BrainEffect['fx']> = Extract<BrainEffect, { fx: K }>;
/** An input without its time, and the audio that goes with it. */
type Tell = (input: Omitted<BrainInput>, pcm?: Int16Array) => void;
type Omitted<T> = T extends unknown ? Omit<T, 'nowMs'> : never;

/** One `Mouth` for each response under way. */
export class Mouths {
  readonly #mouths = new Map<string, { mouth: Mouth; command: ReplyCommand | null }>();

  constructor(
    private readonly options: Omit<MouthOptions, 'voice'>,
    private readonly tell: Tell,
  ) {}

  /** `config`: what is in force when the response begins. */
  prepare({ response, command }: EffectOf<'prepare'>, config: Config): void {
    const { tell } = this;
    const { outputRateHz } = this.options;
    const voice = command?.overrides?.voice ?? config.voice;
    const mouth = new Mouth(
      { ...this.options, voice },
      {
        written: (text) => tell({ in: 'written', response, text }),
        called: (call, name, args) => tell({ in: 'called', response, call, name, args }),
        thought: (reason, usage) => tell({ in: 'thought', response, reason, usage }),
        clause: (text, words) => tell({ in: 'clause', response, text, words }),
        audio: (pcm) => tell({ in: 'spoken', response, ms: samplesToMs(pcm.length, outputRateHz) }, pcm),
        silent: () => tell({ in: 'silent', response }),
        broken: ({ code, message }: ReparteeError) => tell({ in: 'broken', response, code, message }),
      },
    );
    this.#mouths.set(response, { mouth, command });
  }

  /** Asks the language model, with the conversation or with what the reply gives in its place. */
  think({ response }: EffectOf<'think'>, config: Config, conversation: () => Item[]): void {
    const entry = this.#mouths.get(response);
    if (entry !== undefined) entry.mouth.think(requestOf(entry.command, config, conversation));
  }

  speak({ response, text }: EffectOf<'speak'>): void {
    this.#mouths.get(response)?.mouth.speak(text);
  }

  finishSpeaking({ response }: EffectOf<'finish_speaking'>): void {
    this.#mouths.get(response)?.mouth.finishSpeaking();
  }

  /** What its parts have done; undefined where it was released before. */
  release(response: string): Mouth['used'] | undefined {
    const entry = this.#mouths.get(response);
    entry?.mouth.close();
    this.#mouths.delete(response);
    return entry?.mouth.used;
  }

  close(): void {
    for (const { mouth } of this.#mouths.values()) mouth.close();
    this.#mouths.clear();
  }
}

function requestOf(command: ReplyCommand | null, config: Config, conversation: () => Item[]): LlmRequest {
  const { instructions, tools, toolChoice, maxOutputTokens } = command?.overrides ?? {};
  return {
    instructions: instructions ?? config.instructions,
    items: command?.input ?? conversation(),
    tools: tools ?? config.tools,
    toolChoice: toolChoice ?? config.toolChoice,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
}
