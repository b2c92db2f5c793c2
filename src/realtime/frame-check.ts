import { type AudioFrame, ConfigError } from '../core/index.js';

/** Throws `option_invalid`, naming the field, for what is no frame of audio; nothing of it has been taken then. */
export function checkFrame({ pcm, sampleRateHz, channels }: AudioFrame): void {
  if (!(pcm instanceof Int16Array)) refuse('pcm', 'Audio comes as 16-bit samples in an Int16Array');
  if (!(sampleRateHz > 0) || !Number.isInteger(sampleRateHz)) {
    refuse('sampleRateHz', `Audio has a whole number of samples a second, not ${sampleRateHz}`);
  }
  if (!(channels > 0) || !Number.isInteger(channels)) {
    refuse('channels', `Audio has a whole number of channels, not ${channels}`);
  }
  if (channels > 1 && pcm.length % channels !== 0) {
    refuse('pcm', `${pcm.length} samples cannot be shared out among ${channels} channels`);
  }
}

function refuse(param: string, message: string): never {
  throw new ConfigError('option_invalid', message, { param });
}
