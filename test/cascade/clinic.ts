import type { Dialogue } from '../../src/cascade/index.js';

/** A clinic's desk: questions, a slot after the other, a tool, and what follows its result. */
export const clinic: Dialogue = {
  name: 'clinic',
  greeting: ['Clinic, how can I help?'],
  slots: {
    day: { kind: 'day', ask: 'Which day?', retry: 'Sorry, which day of the week?' },
    time: { kind: 'time', ask: ['What time on {day}?', 'And at what time?'] },
    name: { kind: 'name', ask: 'What name shall I put down?', values: ['Anna', 'Tom Baker'] },
    doctor: { kind: 'list', values: ['jones', { value: 'smith', say: ['smythe', 'doctor smith'] }] },
    code: { kind: 'spelled', ask: 'What is your code?', min: 3, max: 6 },
    people: { kind: 'number', min: 1, max: 12 },
  },
  intents: {
    hours: {
      phrases: ['when are you open', 'what are your [opening] hours'],
      says: ['We are open from nine to five.', 'Nine to five, every day but Sunday.'],
    },
    free: {
      phrases: [
        '(what|which) (times|slots) (are|do you have) free [on {day}]',
        'is there (anything|something) free on {day}',
      ],
      needs: ['day'],
      says: 'Let me look.',
      call: { tool: 'free_slots', args: { day: '{day}', limit: 3, note: 'for {day}' } },
      then: [
        { when: 'error', says: 'I cannot see the book just now.' },
        { when: '!result.slots', says: 'There is nothing free on {day}. Another day?', ask: 'day' },
        {
          when: 'result.shallBook',
          says: 'On {day} there is {result.slots|time|list}. Which one?',
          ask: 'time',
          intent: 'book',
        },
        { says: 'On {day} there is {result.slots|time|list}.' },
      ],
    },
    book: {
      phrases: [
        "[i'd like to|can i] (book|make) (an appointment|a slot) [with {doctor}] [for {name}] [on {day}] [at {time}]",
        'book me in [on {day}] [at {time}]',
      ],
      needs: ['day', 'time', 'name'],
      call: { tool: 'book', args: { name: '{name}', day: '{day}', time: '{time}', doctor: '{doctor}' } },
      then: [
        { when: 'result.ok', says: ['Booked for {name}, {day} at {time|time}.'] },
        {
          when: 'result.reason = taken',
          says: 'That is taken. {result.slots|time|list} would do. Which one?',
          ask: 'time',
        },
        { says: 'That did not work, I am sorry.' },
      ],
    },
    cancel: { phrases: ['cancel my appointment [{code}]'], needs: ['code'], says: 'Cancelled {code|spell}.' },
    table: {
      phrases: ['a table for {people} [people]'],
      says: 'We are no restaurant, not even for {people|number}.',
    },
    hello: { phrases: ['hello', 'good (morning|afternoon)'], says: 'Hello! What can I do for you?' },
    bye: { phrases: ['goodbye', 'that is all', 'thank you [goodbye]'], says: 'Goodbye.' },
  },
  notUnderstood: ['I am a script and did not get that.', 'Sorry, I only know a few things.'],
  silence: 'Are you there?',
  more: 'Anything else?',
  unavailable: 'I cannot do that here.',
};
