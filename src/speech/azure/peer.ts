import { loadPeer } from '../../core/load-peer.js';

/** What we use of `microsoft-cognitiveservices-speech-sdk` (MIT). Ours, so that no emitted declaration needs the package. */
export interface AzureSpeechPeer {
  SpeechConfig: {
    fromSubscription(key: string, region: string): AzureSpeechConfig;
    fromAuthorizationToken(token: string, region: string): AzureSpeechConfig;
    fromEndpoint(endpoint: URL, key?: string): AzureSpeechConfig;
    fromHost(host: URL, key?: string): AzureSpeechConfig;
  };
  AudioConfig: { fromStreamInput(stream: AzurePushStream): unknown };
  AudioInputStream: { createPushStream(format: unknown): AzurePushStream };
  AudioStreamFormat: { getWaveFormatPCM(rateHz: number, bits: number, channels: number): unknown };
  SpeechRecognizer: new (config: AzureSpeechConfig, audio: unknown) => AzureRecognizer;
  SpeechSynthesizer: new (config: AzureSpeechConfig, audio: null) => AzureSynthesizer;
  PhraseListGrammar: { fromRecognizer(recognizer: AzureRecognizer): { addPhrases(phrases: string[]): void } };
  OutputFormat: { Detailed: number };
  CancellationReason: { Error: number };
  CancellationErrorCode: Record<string, number | string>;
  ResultReason: { RecognizedSpeech: number; SynthesizingAudioCompleted: number; Canceled: number };
  SpeechSynthesisOutputFormat: { Raw24Khz16BitMonoPcm: number };
}

export interface AzureSpeechConfig {
  speechRecognitionLanguage: string;
  speechSynthesisVoiceName: string;
  speechSynthesisOutputFormat: number;
  authorizationToken: string;
  outputFormat: number;
  requestWordLevelTimestamps(): void;
  close(): void;
}

export interface AzurePushStream {
  write(pcm: ArrayBuffer): void;
  close(): void;
}

interface Recognition {
  result: { text: string; json: string; reason: number };
}

export interface AzureRecognizer {
  recognizing: (sender: unknown, event: Recognition) => void;
  recognized: (sender: unknown, event: Recognition) => void;
  canceled: (sender: unknown, event: { reason: number; errorCode: number; errorDetails: string }) => void;
  sessionStopped: () => void;
  startContinuousRecognitionAsync(done: () => void, failed: (error: string) => void): void;
  close(done?: () => void, failed?: (error: string) => void): void;
}

export interface AzureSynthesizer {
  /** Times in ticks of 100 ns. */
  wordBoundary: (
    sender: unknown,
    event: { audioOffset: number; duration: number; text: string; boundaryType: string },
  ) => void;
  synthesizing: (sender: unknown, event: { result: { audioData: ArrayBuffer } }) => void;
  speakSsmlAsync(
    ssml: string,
    done: (result: { reason: number; errorDetails?: string }) => void,
    failed: (error: string) => void,
  ): void;
  close(done?: () => void, failed?: (error: string) => void): void;
}

/** ConfigError `peer_missing`. */
export async function loadAzureSpeech(): Promise<AzureSpeechPeer> {
  const name = 'microsoft-cognitiveservices-speech-sdk';
  const loaded = await loadPeer<unknown>(
    name,
    'Azure Speech',
    () => import('microsoft-cognitiveservices-speech-sdk'),
  );
  return loaded as AzureSpeechPeer;
}
