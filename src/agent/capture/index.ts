export { captureTool } from './capture-tool.js';
export { digitGrammar } from './grammar.js';
export type { CaptureLines } from './lines.js';
export type { CaptureKind, CaptureOptions } from './options.js';
export type { CaptureSource } from './source.js';
