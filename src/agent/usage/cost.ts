import type { Counts } from './counts.js';
import type { Price, Prices } from './prices.js';

/** Integer millionths of a US dollar. */
export type MicroUsd = number;

/**
 * What the counts cost at that price; null where something was used that has no price in it. Each kind is counted in whole
 * units and rounded once, to a millionth of a dollar.
 */
export function costOf(counts: Counts, price: Price | undefined): MicroUsd | null {
  if (price === undefined) return null;
  const { perMillionTokens: tokens = {}, perInputMinute, perSessionMinute, perMillionCharacters } = price;
  let cost: MicroUsd | null = 0;
  const add = (units: number, usd: number | undefined, unitsPerPrice: number) => {
    if (units <= 0 || cost === null) return;
    cost = usd === undefined ? null : cost + Math.round((units * microUsd(usd)) / unitsPerPrice);
  };
  const { text, audio, image } = counts.input;
  const { text: cachedText, audio: cachedAudio, image: cachedImage } = counts.cached;
  const perToken = 1_000_000;
  // By the minute the same audio is not paid for by the token as well.
  const isByMinute = perSessionMinute !== undefined;
  if (isByMinute) add(counts.sessionMs, perSessionMinute, 60_000);
  else {
    add(text - cachedText, tokens.textIn, perToken);
    add(cachedText, tokens.cachedTextIn ?? tokens.textIn, perToken);
    add(audio - cachedAudio, tokens.audioIn, perToken);
    add(cachedAudio, tokens.cachedAudioIn ?? tokens.audioIn, perToken);
    add(image - cachedImage, tokens.imageIn, perToken);
    add(cachedImage, tokens.cachedImageIn ?? tokens.imageIn, perToken);
    add(counts.output.text, tokens.textOut, perToken);
    add(counts.output.audio, tokens.audioOut, perToken);
    add(counts.inputAudioMs, perInputMinute, 60_000);
    add(counts.characters, perMillionCharacters, 1_000_000);
  }
  return cost;
}

/** Of the application's own first; by `provider/model`, by the bare name of the model, then by `provider/*`. */
export function priceOf(model: string, own: Prices, list: Prices): Price | undefined {
  const bare = model.slice(model.lastIndexOf('/') + 1);
  const provider = model.slice(0, model.indexOf('/') + 1);
  const names = [model, `${provider}${bare}`, bare, `${provider}*`];
  for (const prices of [own, list]) {
    for (const name of names) if (Object.hasOwn(prices, name)) return prices[name];
  }
  return undefined;
}

/** To the cent. */
export function usd(micro: MicroUsd): number {
  return Math.round(micro / 10_000) / 100;
}

function microUsd(dollars: number): MicroUsd {
  return Math.round(dollars * 1_000_000);
}
