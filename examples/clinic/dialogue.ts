import type { Dialogue } from 'repartee/cascade';

/**
 * What the desk says when no language model is there: a script. It understands these phrases and little else, and says so.
 */
export const clinicDialogue: Dialogue = {
  name: 'clinic',
  greeting:
    'Harbour Clinic, good day. You can ask for our opening hours, find a free time, book an appointment or cancel one.',
  slots: {
    day: {
      kind: 'list',
      values: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      ask: ['On which day?', 'Which day would you like?'],
      retry: 'I did not catch the day. Monday to Friday are possible.',
    },
    time: {
      kind: 'time',
      earliestHour: 8,
      ask: ['At what time?', 'What time suits you?'],
      retry: 'I did not catch the time. You can say ten a m, or two o clock.',
    },
    name: {
      kind: 'name',
      values: [
        'anna berg',
        'david miller',
        'emma johnson',
        'john smith',
        'maria lopez',
        'mary jones',
        'peter hansen',
        'robert taylor',
        'sarah brown',
        'thomas clark',
      ],
      ask: ['What is your name, please?', 'And your name, please?'],
      retry: 'I did not catch the name. Please say first and last name.',
    },
  },
  intents: {
    hours: {
      phrases: [
        '(what|which) are your opening hours',
        'what are the opening hours',
        'when (do|are) you open',
        'when do you close',
        'are you open [on {day}]',
        'how long are you open [on {day}]',
        'tell me your opening hours',
      ],
      call: { tool: 'opening_hours' },
      then: [
        {
          when: 'error',
          says: 'I am sorry, I cannot look at the opening hours just now.',
        },
        {
          says: 'We are open {result.days}, from {result.from|time} to {result.to|time}. On {result.closed} we are closed.',
        },
      ],
    },
    free: {
      phrases: [
        '(what|which) (times|appointments|slots) (are|do you have) free [on {day}]',
        'do you have (anything|something|a time|an appointment|a slot) free [on {day}]',
        'is there (anything|something|a time|an appointment) free [on {day}]',
        'when can I come [on {day}]',
        'find me a free (time|appointment|slot) [on {day}]',
        'what do you have on {day}',
      ],
      needs: ['day'],
      says: ['Let me look at {day|upper}.', 'One moment, I look at {day|upper}.'],
      call: { tool: 'free_slots', args: { day: '{day}' } },
      then: [
        { when: 'error', says: 'I am sorry, I cannot look into the book just now.' },
        {
          when: 'result.closed',
          says: 'On {day|upper} we are closed. Which other day would you like?',
          ask: 'day',
        },
        {
          when: 'result.slots',
          says: 'On {day|upper} we have {result.slots|time|list}. Which one shall I book?',
          ask: 'time',
          intent: 'book',
        },
        { says: 'On {day|upper} nothing is free. Which other day would you like?', ask: 'day' },
      ],
    },
    book: {
      phrases: [
        '[I would like to|I want to|can I|could I|please] (book|make) an appointment [on {day}] [at {time}] [for {name}]',
        '[please] book me [in] [on {day}] [at {time}]',
        'I (need|want|would like) an appointment [on {day}] [at {time}]',
        'book {day} at {time} [for {name}]',
      ],
      needs: ['day', 'time', 'name'],
      says: 'One moment, please.',
      call: { tool: 'book_appointment', args: { name: '{name}', day: '{day}', time: '{time}' } },
      then: [
        {
          when: 'error',
          says: 'I am sorry, that did not work. At what time would you like to come?',
          ask: 'time',
        },
        { when: 'result.booked', says: 'Done, {name}. Your appointment is on {day|upper} at {time|time}.' },
        {
          when: 'result.closed',
          says: 'On {day|upper} we are closed. Which other day would you like?',
          ask: 'day',
        },
        {
          when: 'result.slots',
          says: 'I am sorry, {time|time} is not free. On {day|upper} we have {result.slots|time|list}. What time suits you?',
          ask: 'time',
        },
        {
          says: 'On {day|upper} nothing is free. Which other day would you like?',
          ask: 'day',
          forget: ['time'],
        },
      ],
    },
    cancel: {
      phrases: [
        '[I would like to|I want to|can you|please] cancel my appointment [my name is {name}]',
        '[please] cancel the appointment of {name}',
        'I cannot come [to my appointment]',
      ],
      needs: ['name'],
      call: { tool: 'cancel_appointment', args: { name: '{name}' } },
      then: [
        { when: 'error', says: 'I am sorry, I cannot look into the book just now.' },
        { when: '!result.cancelled', says: 'I find no appointment for {name}.' },
        { says: 'The appointment of {name} is cancelled.' },
      ],
    },
    thanks: {
      phrases: ['thank you [very much]', 'thanks [a lot]', 'that is all [thank you]', 'no thank you'],
      says: ['You are welcome. Is there anything else?', 'My pleasure.'],
    },
    goodbye: { phrases: ['goodbye', 'good bye', 'bye bye', 'bye'], says: 'Goodbye, and take care.' },
    help: {
      phrases: ['what can you do', 'help me', 'who are you', 'what can I say'],
      says: 'I am the appointment desk, and I follow a script. Ask for opening hours, for a free time on a day, book an appointment, or cancel one.',
    },
  },
  notUnderstood: [
    'I am sorry, I did not understand that. I can tell you the opening hours, find a free time, book or cancel.',
    'That is not in my script. Please ask for opening hours, a free time, to book, or to cancel.',
  ],
  silence: 'Are you still there?',
  more: 'Is there anything else?',
};
