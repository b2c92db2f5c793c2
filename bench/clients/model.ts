import { RealtimeModel } from 'repartee/openai';

/** The stub as a model. */
export function benchModel(url: string): RealtimeModel {
  return new RealtimeModel({
    baseUrl: `${url}/v1`,
    apiKey: 'bench',
    model: 'bench',
    turnDetection: { type: 'server_vad' },
  });
}
