import type { Clock, Timer } from '../core/index.js';
import type { Item, Ms, Usage } from '../realtime/index.js';
import type { LlmEvent, LlmRequest, LlmStream } from '../speech/index.js';

/** Plays events that are known beforehand, in a microtask, or when `delayMs` of the clock have passed. */
export function playLlm(events: readonly LlmEvent[], delay?: { clock: Clock; delayMs: Ms }): LlmStream {
  let listener: (event: LlmEvent) => void = () => {};
  let closed = false;
  let timer: Timer | undefined;
  const play = () => {
    for (const event of events) {
      if (closed) return;
      listener(event);
    }
  };
  if (delay === undefined || delay.delayMs <= 0) queueMicrotask(play);
  else timer = delay.clock.at(delay.clock.now() + delay.delayMs, play);
  return {
    onEvent(next) {
      listener = next;
    },
    close() {
      closed = true;
      timer?.cancel();
    },
  };
}

/** Text as a language model streams it: word by word. */
export function textEvents(text: string): LlmEvent[] {
  return (text.match(/\S+\s*/g) ?? []).map((delta) => ({ t: 'text', delta }));
}

/** What a script would have cost: a token for each word in and out. */
export function wordUsage(request: LlmRequest, written: string): Usage {
  const inputTokens = request.items.reduce(
    (sum, item) => sum + words(itemText(item)),
    words(request.instructions),
  );
  const outputTokens = words(written);
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}

/** The words in an item; audio counts with its transcript. */
export function itemText(item: Item): string {
  switch (item.kind) {
    case 'message':
      return item.parts
        .map((part) =>
          part.kind === 'text' ? part.text : part.kind === 'audio' ? (part.transcript ?? '') : '',
        )
        .join(' ')
        .trim();
    case 'call':
      return item.args;
    case 'result':
      return item.output;
    case 'provider':
      return '';
  }
}

/** The output of a tool as JSON where it is JSON, else as `{ text }`. */
export function resultValue(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return { text: output };
  }
}

function words(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
