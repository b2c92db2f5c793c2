/** What the capture says, in one language. `{value}` is the value as it is read back. */
export interface CaptureLines {
  /** Asks for the value, by kind. */
  ask: { phone: string; digits: string; email: string; name: string; date: string; pattern: string };
  /** Reads back and asks whether it is right. */
  readBack: string;
  /** Some of it has come, more is expected. */
  goOn: string;
  /** Nothing that could be the value was understood. */
  notUnderstood: string;
  /** What was understood cannot be one: the wrong length, no such number. */
  notValid: string;
  /** The read-back was refused, and nothing was said instead. */
  refused: string;
  /** Asks for it digit by digit (letter by letter). */
  oneByOne: string;
  /** Asks for it on the keypad. */
  keys: string;
  /** Neither yes nor no was understood; `{value}` again. */
  yesOrNo: string;
  /** Told once the value is confirmed; '' = nothing, the model goes on. */
  confirmed: string;
}
