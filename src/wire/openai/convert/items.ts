import { base64ToBytes, bytesToBase64 } from '../../../core/index.js';
import type { Item, ItemPart } from '../../../realtime/contract.js';
import type {
  AssistantPart,
  AudioFormat,
  InputTextPart,
  NewItem,
  UserPart,
  WireItem,
  WirePart,
} from '../events.js';
import { audioToBase64, base64ToAudio, pcm24k } from './audio.js';

/**
 * An item as a client may create it, or `null` where the wire has no form for it. A client cannot create assistant
 * audio: its transcript goes as `output_text`. `format`: of user audio, whose samples are at the format's rate.
 */
export function itemToWire(item: Item, format: AudioFormat = pcm24k): NewItem | null {
  const id = item.id === '' ? {} : { id: item.id };
  switch (item.kind) {
    case 'message':
      if (item.role === 'user') {
        const content = item.parts.flatMap((part) => userPart(part, format));
        return { ...id, type: 'message', role: 'user', content };
      }
      if (item.role === 'system') {
        return { ...id, type: 'message', role: 'system', content: item.parts.flatMap(systemPart) };
      }
      return {
        ...id,
        type: 'message',
        role: 'assistant',
        content: item.parts.flatMap((part): AssistantPart[] => {
          const text = partText(part);
          return text === null ? [] : [{ type: 'output_text', text }];
        }),
      };
    case 'call':
      return { ...id, type: 'function_call', name: item.name, arguments: item.args, call_id: item.call };
    case 'result':
      return { ...id, type: 'function_call_output', call_id: item.call, output: item.output };
    case 'provider':
      return null;
  }
}

/**
 * An item of the wire in our words; what only the vendor understands becomes a `provider` item. Audio is decoded from
 * `format` where it is there. Tolerant: it reads what servers send, also with fields missing.
 */
export function itemFromWire(wire: NewItem | WireItem, format: AudioFormat = pcm24k): Item {
  const id = wire.id ?? '';
  switch (wire.type) {
    case 'message':
      return {
        kind: 'message',
        id,
        role: wire.role,
        parts: (wire.content ?? []).flatMap((part) => partFromWire(part, format)),
        ...(wire.status ? { status: wire.status } : {}),
      };
    case 'function_call':
      return {
        kind: 'call',
        id,
        call: wire.call_id ?? id,
        name: wire.name,
        args: wire.arguments,
        ...(wire.status ? { status: wire.status } : {}),
      };
    case 'function_call_output':
      return { kind: 'result', id, call: wire.call_id, output: wire.output };
    default:
      return { kind: 'provider', id, type: (wire as { type: string }).type };
  }
}

function userPart(part: ItemPart, format: AudioFormat): UserPart[] {
  switch (part.kind) {
    case 'text':
      return [{ type: 'input_text', text: part.text }];
    case 'image':
      return [{ type: 'input_image', image_url: `data:${part.mime};base64,${bytesToBase64(part.data)}` }];
    case 'audio':
      if (part.pcm !== undefined) {
        const audio = audioToBase64(part.pcm, format);
        return [
          {
            type: 'input_audio',
            audio,
            ...(part.transcript === null ? {} : { transcript: part.transcript }),
          },
        ];
      }
      return part.transcript === null ? [] : [{ type: 'input_text', text: part.transcript }];
  }
}

function systemPart(part: ItemPart): InputTextPart[] {
  const text = partText(part);
  return text === null ? [] : [{ type: 'input_text', text }];
}

function partText(part: ItemPart): string | null {
  if (part.kind === 'text') return part.text;
  return part.kind === 'audio' ? part.transcript : null;
}

/** The short names are read too: older servers put them into items. */
function partFromWire(
  part: WirePart | { type: 'text'; text: string } | { type: 'audio'; audio?: string; transcript?: string },
  format: AudioFormat,
): ItemPart[] {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return [{ kind: 'text', text: part.text ?? '' }];
    case 'input_audio':
    case 'output_audio':
    case 'audio': {
      const pcm = part.audio ? base64ToAudio(part.audio, format) : null;
      return [{ kind: 'audio', transcript: part.transcript ?? null, ...(pcm === null ? {} : { pcm }) }];
    }
    case 'input_image': {
      const image = imageFromUri(part.image_url);
      return image === null ? [] : [image];
    }
    default:
      return [];
  }
}

/** `null` where it is not a base64 data URI. */
export function imageFromUri(uri: string): (ItemPart & { kind: 'image' }) | null {
  const match = /^data:(image\/[a-z0-9.+-]+);base64,/i.exec(uri.slice(0, 100));
  if (match === null) return null;
  return { kind: 'image', mime: match[1]!.toLowerCase(), data: base64ToBytes(uri.slice(match[0].length)) };
}
