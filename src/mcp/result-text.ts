import type { McpContent, McpResult } from './peer.js';

/** What a model that reads can have of a result: its texts; of what is no text, that it is there. */
export function resultText({ content = [], structuredContent }: McpResult): string {
  const texts = content.map(textOf).filter((text) => text !== '');
  if (texts.length > 0) return texts.join('\n');
  return structuredContent === undefined ? 'Done.' : JSON.stringify(structuredContent);
}

function textOf({ type, text, mimeType, uri, resource }: McpContent): string {
  switch (type) {
    case 'text':
      return text ?? '';
    case 'resource':
      return resource?.text ?? `[${resource?.mimeType ?? 'data'}: ${resource?.uri ?? ''}]`;
    case 'resource_link':
      return `[${mimeType ?? 'link'}: ${uri ?? ''}]`;
    default:
      return `[${type}${mimeType === undefined ? '' : ` ${mimeType}`}, which cannot be told in words]`;
  }
}
