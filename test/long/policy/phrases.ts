import { smallWords } from '../../../src/agent/policy/languages.js';

/** What callers say in the sets. No sentence is in both. */
export interface Phrases {
  interruptions: readonly string[];
  commands: readonly string[];
  backchannels: readonly string[];
  aside: readonly string[];
}

export const phrases: Record<'judged' | 'tuning', Phrases> = {
  judged: {
    interruptions: [
      'what about the evening',
      'can you say that again please',
      'I meant the other address',
      'sorry I have to go now',
      'that is not what I asked for',
      'do you have anything cheaper',
      'my number has changed by the way',
      'let me think about this first',
      'how much does that cost',
      'I need it before Friday',
      'you have the wrong name there',
      'could you speak a little slower',
      'but I already paid for that',
      'is there a table by the window',
      'we are four people not two',
      'please call me back tomorrow',
    ],
    commands: ['stop', 'wait', 'no no', 'hold on', 'excuse me', 'stop please', 'wait a second', 'hang on'],
    backchannels: [
      'yeah',
      'okay',
      'uh huh',
      'right',
      'I see',
      'sure',
      'yes',
      'got it',
      'oh okay',
      'great',
      'yeah yeah',
      'all right',
      'aha',
      'of course',
    ],
    aside: [
      'hold on I am on the phone',
      'can you close the door',
      'the dinner is on the table',
      'I will be there in a minute',
      'put it over there next to the lamp',
      'no not you I am talking to him',
    ],
  },
  tuning: {
    interruptions: [
      'I would rather have it on Monday',
      'and where exactly is your office',
      'actually I want to change my booking',
      'that does not work for me at all',
      'you did not understand what I said',
      'will there be somebody at the desk',
      'I only have five minutes left',
      'which of these is the fastest one',
      'sorry can I ask you something',
      'my wife will pick it up instead',
      'why does it take so long',
      'please send me an email about it',
      'no that was last week',
      'the street name is wrong',
      'tell me about the second one',
      'make it six o clock',
    ],
    commands: [
      'stop it',
      'wait wait',
      'no',
      'one moment',
      'hold on please',
      'stop talking',
      'just a second',
      'no stop',
    ],
    backchannels: [
      'yep',
      'okay okay',
      'uh huh uh huh',
      'exactly',
      'I know',
      'fine',
      'yes yes',
      'good',
      'oh really',
      'nice',
      'yeah okay',
      'ah',
      'aha',
      'perfect',
    ],
    aside: [
      'somebody is at the door',
      'I am just talking to the bank',
      'turn that down please',
      'we need milk and bread',
      'give me the blue one',
      'where did you leave the keys',
    ],
  },
};

/** What the agent says, for as long as it is not stopped. */
export const agentLine =
  'Of course. The package that you chose includes two nights with breakfast, the museum ticket for both days, and the evening boat tour around the old harbour. It starts at seven and takes about ninety minutes.';

/**
 * What the recogniser is told to expect beside its general vocabulary: the policy's own small words; orders are few, but as
 * often said.
 */
export const small: readonly string[] = [
  ...smallWords.en.backchannels,
  ...['uh huh', 'aha', 'ah', 'oh', 'um'],
  ...smallWords.en.commands.flatMap((text) => Array<string>(5).fill(text)),
];
