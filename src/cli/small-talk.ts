import type { Dialogue } from '../cascade/index.js';

/** Something to try a cascade with, where no dialogue and no language model was given. */
export const smallTalk: Dialogue = {
  name: 'small talk',
  greeting: 'Hello, I am a script on your own machine. You can ask me what I am, or to count.',
  slots: { number: { kind: 'number', min: 1, max: 20, ask: 'How far shall I count?' } },
  intents: {
    who: {
      phrases: ['who are you', 'what are you', 'what is your name', 'are you a robot'],
      says: 'I am a small script and no language model. Give me a dialogue or a language model, and I can do more.',
    },
    help: {
      phrases: ['what can you do', 'help [me]', 'what can i (say|ask)'],
      says: 'You can ask me what I am, or to count, or say goodbye.',
    },
    count: {
      phrases: ['count [to {number}]', 'can you count [to {number}]'],
      needs: ['number'],
      says: 'I could count to {number}, but that would take a while. Interrupt me whenever you like.',
    },
    thanks: { phrases: ['thank you', 'thanks [a lot]'], says: 'You are welcome.' },
    bye: { phrases: ['goodbye', 'bye [bye]', 'see you'], says: 'Goodbye.' },
  },
  notUnderstood: 'I only know small talk. You can ask me what I am, or to count.',
};
