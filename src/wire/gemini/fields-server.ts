import { problemWith, type Shape } from './shape.js';

const transcription: Shape = {
  text: 'string',
  finished: 'boolean',
  languageCode: 'string',
  words: [{ word: 'string', startOffset: 'string', endOffset: 'string' }],
};
const details: Shape = [{ modality: 'string', tokenCount: 'number' }];

/** What a client reads of a server's message. Other fields pass. */
const serverMessage: Shape = {
  setupComplete: { sessionId: 'string' },
  serverContent: {
    modelTurn: {
      parts: [{ text: 'string', thought: 'boolean', inlineData: { data: 'string', mimeType: 'string' } }],
    },
    generationComplete: 'boolean',
    turnComplete: 'boolean',
    interrupted: 'boolean',
    inputTranscription: transcription,
    outputTranscription: transcription,
    turnCompleteReason: 'string',
    waitingForInput: 'boolean',
    interactionStatus: 'string',
  },
  toolCall: { functionCalls: [{ id: 'string', name: 'string', args: 'object' }] },
  toolCallCancellation: { ids: 'strings' },
  usageMetadata: {
    promptTokenCount: 'number',
    cachedContentTokenCount: 'number',
    responseTokenCount: 'number',
    candidatesTokenCount: 'number',
    thoughtsTokenCount: 'number',
    totalTokenCount: 'number',
    promptTokensDetails: details,
    cacheTokensDetails: details,
    responseTokensDetails: details,
    candidatesTokensDetails: details,
  },
  goAway: { timeLeft: 'string' },
  sessionResumptionUpdate: { newHandle: 'string', resumable: 'boolean' },
  voiceActivity: { type: 'string', voiceActivityType: 'string', audioOffset: 'string' },
};

/** Path of the first field whose type is not the wire's; undefined where all is well. */
export function serverProblem(message: unknown): string | undefined {
  return problemWith(message, serverMessage, 'allow')?.path;
}
