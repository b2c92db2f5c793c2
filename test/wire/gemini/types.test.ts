import type * as sdk from '@google/genai';
import { describe, expectTypeOf, it } from 'vitest';
import type * as ours from '../../../src/wire/gemini/index.js';

/** Fields of B that A lacks. */
type Missing<A, B> = Exclude<keyof B, keyof A>;

// Checked by the compiler: the official types are the judge of our names.
describe('our messages against the types of @google/genai', () => {
  it('what a client sends: every name is known to the SDK', () => {
    expectTypeOf<Missing<sdk.LiveClientSetup, ours.Setup>>().toBeNever();
    expectTypeOf<Missing<sdk.GenerationConfig, ours.GenerationConfig>>().toBeNever();
    expectTypeOf<Missing<sdk.SpeechConfig, ours.SpeechConfig>>().toBeNever();
    expectTypeOf<Missing<sdk.AudioTranscriptionConfig, ours.TranscriptionConfig>>().toBeNever();
    expectTypeOf<Missing<sdk.RealtimeInputConfig, ours.RealtimeInputConfig>>().toBeNever();
    expectTypeOf<Missing<sdk.LiveClientRealtimeInput, ours.RealtimeInput>>().toBeNever();
    expectTypeOf<Missing<sdk.LiveClientContent, ours.ClientContent>>().toBeNever();
    expectTypeOf<Missing<sdk.LiveClientToolResponse, ours.ToolResponse>>().toBeNever();
    expectTypeOf<Missing<sdk.LiveClientContextUpdate, ours.ContextUpdate>>().toBeNever();
    expectTypeOf<Missing<sdk.FunctionDeclaration, ours.FunctionDeclaration>>().toBeNever();
    expectTypeOf<Missing<sdk.FunctionResponse, ours.FunctionResponse>>().toBeNever();
    expectTypeOf<Missing<sdk.Part, ours.Part>>().toBeNever();
    expectTypeOf<Missing<sdk.Tool, ours.Tool>>().toBeNever();
  });

  it('what a client sends: nothing of the SDK’s setup and input is unknown to us', () => {
    expectTypeOf<Missing<ours.Setup, sdk.LiveClientSetup>>().toBeNever();
    expectTypeOf<Missing<ours.RealtimeInput, sdk.LiveClientRealtimeInput>>().toBeNever();
    expectTypeOf<Missing<ours.RealtimeInputConfig, sdk.RealtimeInputConfig>>().toBeNever();
    expectTypeOf<Missing<ours.TranscriptionConfig, sdk.AudioTranscriptionConfig>>().toBeNever();
    expectTypeOf<Missing<ours.FunctionResponse, sdk.FunctionResponse>>().toBeNever();
    expectTypeOf<Missing<ours.FunctionDeclaration, sdk.FunctionDeclaration>>().toBeNever();
  });

  it('what the service sends: both ways', () => {
    expectTypeOf<Missing<sdk.LiveServerMessage, ours.ServerMessage>>().toBeNever();
    expectTypeOf<Exclude<Missing<ours.ServerMessage, sdk.LiveServerMessage>, 'text' | 'data'>>().toBeNever();
    expectTypeOf<Missing<sdk.LiveServerContent, ours.ServerContent>>().toBeNever();
    expectTypeOf<Missing<ours.ServerContent, sdk.LiveServerContent>>().toBeNever();
    expectTypeOf<Missing<sdk.Transcription, ours.Transcription>>().toBeNever();
    expectTypeOf<Missing<ours.Transcription, sdk.Transcription>>().toBeNever();
    expectTypeOf<Missing<ours.UsageMetadata, sdk.UsageMetadata>>().toBeNever();
    // Vertex's spelling, which the SDK renames before it shows it.
    expectTypeOf<Missing<sdk.UsageMetadata, ours.UsageMetadata>>().toEqualTypeOf<
      'candidatesTokenCount' | 'candidatesTokensDetails'
    >();
  });
});
