import { problemWith, type Shape } from './shape.js';

const blob: Shape = { data: 'string', mimeType: 'string', displayName: 'string' };

const functionResponse: Shape = {
  id: 'string',
  name: 'string',
  response: 'object',
  scheduling: 'string',
  willContinue: 'boolean',
  parts: 'any',
};

const part: Shape = {
  text: 'string',
  thought: 'boolean',
  thoughtSignature: 'string',
  inlineData: blob,
  fileData: { fileUri: 'string', mimeType: 'string', displayName: 'string' },
  functionCall: { id: 'string', name: 'string', args: 'object' },
  functionResponse,
  executableCode: 'object',
  codeExecutionResult: 'object',
  videoMetadata: 'object',
};

const contentShape: Shape = { role: 'string', parts: [part] };

const tool: Shape = {
  functionDeclarations: [
    {
      name: 'string',
      description: 'string',
      parameters: 'object',
      parametersJsonSchema: 'any',
      response: 'object',
      responseJsonSchema: 'any',
      behavior: 'string',
    },
  ],
  googleSearch: 'object',
  googleSearchRetrieval: 'object',
  codeExecution: 'object',
  urlContext: 'object',
  googleMaps: 'object',
  computerUse: 'object',
  fileSearch: 'object',
  mcpServers: 'any',
};

const transcription: Shape = {
  languageCodes: 'strings',
  languageHints: 'object',
  languageAuto: 'object',
  customVocabulary: 'strings',
  adaptationPhrases: 'strings',
  wordTimestamp: 'boolean',
  diarization: 'boolean',
  mode: 'string',
  sourceText: 'string',
};

const setup: { [field: string]: Shape } = {
  model: 'string',
  generationConfig: {
    responseModalities: 'strings',
    temperature: 'number',
    topP: 'number',
    topK: 'number',
    maxOutputTokens: 'number',
    mediaResolution: 'string',
    seed: 'number',
    candidateCount: 'number',
    presencePenalty: 'number',
    frequencyPenalty: 'number',
    speechConfig: {
      voiceConfig: { prebuiltVoiceConfig: { voiceName: 'string' }, replicatedVoiceConfig: 'object' },
      languageCode: 'string',
    },
    thinkingConfig: { includeThoughts: 'boolean', thinkingBudget: 'number', thinkingLevel: 'string' },
    enableAffectiveDialog: 'boolean',
    translationConfig: { targetLanguageCode: 'string', echoTargetLanguage: 'boolean' },
  },
  systemInstruction: contentShape,
  tools: [tool],
  realtimeInputConfig: {
    automaticActivityDetection: {
      disabled: 'boolean',
      startOfSpeechSensitivity: 'string',
      endOfSpeechSensitivity: 'string',
      prefixPaddingMs: 'number',
      silenceDurationMs: 'number',
    },
    activityHandling: 'string',
    turnCoverage: 'string',
    interimTranscriptTimestampEnabled: 'boolean',
  },
  // `transparent` is for Vertex only: here the service does not know it.
  sessionResumption: { handle: 'string' },
  contextWindowCompression: { triggerTokens: 'number', slidingWindow: { targetTokens: 'number' } },
  inputAudioTranscription: transcription,
  outputAudioTranscription: transcription,
  proactivity: { proactiveAudio: 'boolean', proactiveVideo: 'boolean' },
  historyConfig: { initialHistoryInClientContent: 'boolean' },
  explicitVadSignal: 'boolean',
  avatarConfig: 'object',
  safetySettings: 'any',
  labels: 'object',
};

/** What a client may send (protocol page, section 3), in the wire's camelCase names. */
const clientMessage: { [field: string]: Shape } = {
  setup,
  clientContent: { turns: [contentShape], turnComplete: 'boolean' },
  realtimeInput: {
    audio: blob,
    video: blob,
    text: 'string',
    activityStart: 'object',
    activityEnd: 'object',
    audioStreamEnd: 'boolean',
    mediaChunks: [blob],
  },
  toolResponse: {
    functionResponses: [functionResponse],
  },
  contextUpdate: { systemInstruction: contentShape, tools: { tools: [tool] } },
};

const vertexMessage: Shape = {
  ...clientMessage,
  setup: { ...setup, sessionResumption: { handle: 'string', transparent: 'boolean' } },
};

/** What is wrong with a client's message, as the service says it when it closes; undefined where nothing is. */
export function clientProblem(message: unknown, surface: 'gemini' | 'vertex' = 'gemini'): string | undefined {
  const problem = problemWith(message, surface === 'vertex' ? vertexMessage : clientMessage, 'refuse');
  if (problem === undefined) return undefined;
  if (problem.is === 'type') return `Invalid value at '${problem.path}', expected another type.`;
  const where = problem.path === '' ? '' : ` at '${problem.path}'`;
  return `Invalid JSON payload received. Unknown name "${problem.name}"${where}: Cannot find field.`;
}
