import { loadPeer } from '../../../core/load-peer.js';

/** What we use of libphonenumber-js (MIT): ours, so that no emitted declaration needs the package. */
export interface PhoneNumbers {
  parsePhoneNumberFromString(text: string, country?: string): PhoneNumber | undefined;
  validatePhoneNumberLength(text: string, country?: string): string | undefined;
  isSupportedCountry(country: string): boolean;
}

interface PhoneNumber {
  /** E.164. */
  readonly number: string;
  readonly country?: string;
  isValid(): boolean;
  formatNational(): string;
  formatInternational(): string;
}

/** Loads the numbering plans of the world. ConfigError `peer_missing` where the package is not installed. */
export async function loadPhoneNumbers(): Promise<PhoneNumbers> {
  const load = (): Promise<object> => import('libphonenumber-js/max');
  return (await loadPeer('libphonenumber-js', 'Capturing phone numbers', load)) as PhoneNumbers;
}
