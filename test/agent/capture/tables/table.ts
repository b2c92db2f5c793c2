/** What people say in one language, and what it means. */
export interface LanguageTable {
  locale: string;
  /** Words -> the digits that they are first of all. */
  said: readonly (readonly [string, string])[];
  /** What stood, words -> what stands then. */
  corrected: readonly (readonly [string, string, string])[];
  verdicts: readonly (readonly [string, 'yes' | 'no' | 'repeat' | 'stop' | 'keys' | null])[];
}
