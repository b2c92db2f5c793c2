/** Microphones of computers, or a telephone line (300 to 3400 Hz). */
export type SoundLine = 'wideband' | 'telephone';

/** The usual mean of a spectrum at our level, as cepstra: the front end starts from it and follows the caller from there. */
export const usualMeans: Readonly<Record<SoundLine, string>> = {
  wideband: '46,6,18',
  telephone: '50,1,10,-2,-8',
};
