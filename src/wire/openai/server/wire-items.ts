import { bytesToBase64 } from '../../../core/index.js';
import type { NewItem, WireItem, WirePart } from '../events.js';
import { audioKey, type KeptAudio } from './kept-audio.js';

const isAudio = (part: WirePart) => part.type === 'input_audio' || part.type === 'output_audio';

/** What a client has created, as a server tells of it: with id, object and status, without audio bytes. */
export function createdItem(item: NewItem, id: string): WireItem {
  switch (item.type) {
    case 'message':
    case 'function_call':
    case 'function_call_output': {
      const whole = { ...item, id, object: 'realtime.item' as const, status: item.status ?? 'completed' };
      if (whole.type === 'message' && whole.role === 'user') {
        return {
          ...whole,
          content: whole.content.map((part) =>
            part.type === 'input_audio' ? { type: part.type, transcript: part.transcript ?? null } : part,
          ),
        };
      }
      return whole.type === 'function_call' ? { ...whole, call_id: whole.call_id ?? id } : whole;
    }
    default:
      return { ...item, id };
  }
}

/** The item that a turn of the user becomes; its transcript comes later. */
export function userAudioItem(id: string): WireItem {
  return {
    id,
    object: 'realtime.item',
    type: 'message',
    status: 'completed',
    role: 'user',
    content: [{ type: 'input_audio', transcript: null }],
  };
}

/** Characters that an item counts: all its texts, images and audio. */
export function weightOf(item: NewItem): number {
  switch (item.type) {
    case 'message': {
      let sum = 0;
      for (const part of item.content as WirePart[]) {
        if ('text' in part) sum += part.text.length;
        else if (part.type === 'input_image') sum += part.image_url.length;
        else sum += (part.transcript?.length ?? 0) + (part.audio?.length ?? 0);
      }
      return sum;
    }
    case 'function_call':
      return item.arguments.length;
    case 'function_call_output':
      return item.output.length;
    default:
      return JSON.stringify(item).length;
  }
}

export function partsOf(item: WireItem): WirePart[] {
  return item.type === 'message' ? item.content : [];
}

/** The transcript of an audio part; '' where there is none. */
export function transcriptOf(item: WireItem, part: number): string {
  const found = partsOf(item)[part];
  return found !== undefined && 'transcript' in found ? (found.transcript ?? '') : '';
}

export function setTranscript(item: WireItem, part: number, transcript: string | null): void {
  const found = partsOf(item)[part];
  if (found !== undefined && isAudio(found)) Object.assign(found, { transcript });
}

/** A copy with the audio that is kept of it. */
export function withAudio(item: WireItem, kept: KeptAudio): WireItem {
  if (item.type !== 'message' || item.role === 'system') return item;
  const content = (item.content as WirePart[]).map((part, index) => {
    const bytes = isAudio(part) ? kept.get(audioKey(item.id, index)) : undefined;
    return bytes === undefined ? part : { ...part, audio: bytesToBase64(bytes) };
  });
  // Each part has kept its kind, so the item has too.
  return { ...item, content } as WireItem;
}
