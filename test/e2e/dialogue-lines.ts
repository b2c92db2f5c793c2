/** A conversation with the appointment desk, as a caller would hold it, and what the desk must have done by its end. */
export interface CallScript {
  name: string;
  lines: string[];
  /** Every tool call in its order; `result` holds fields that its result must have. */
  calls: { name: string; args: Record<string, string>; result?: Record<string, unknown> }[];
}

export const callScripts: CallScript[] = [
  {
    name: 'hours, in three ways',
    lines: [
      'Hello, what are your opening hours?',
      'Are you open on Saturday?',
      'When do you close on Friday?',
      'Thank you very much.',
      'Goodbye.',
    ],
    calls: [
      { name: 'opening_hours', args: {} },
      { name: 'opening_hours', args: {} },
      { name: 'opening_hours', args: {} },
    ],
  },
  {
    name: 'all in one sentence',
    lines: [
      'Good morning, I would like to book an appointment on Tuesday at ten a m for John Smith.',
      'Thanks a lot.',
      'No, that is all, thank you.',
      'Bye bye.',
    ],
    calls: [
      {
        name: 'book_appointment',
        args: { name: 'John Smith', day: 'tuesday', time: '10:00' },
        result: { booked: true },
      },
    ],
  },
  {
    name: 'asked one by one',
    lines: [
      'I need an appointment, please.',
      'On Wednesday.',
      "At two o'clock.",
      'My name is Anna Berg.',
      'Thank you, goodbye.',
    ],
    calls: [
      {
        name: 'book_appointment',
        args: { name: 'Anna Berg', day: 'wednesday', time: '14:00' },
        result: { booked: true },
      },
    ],
  },
  {
    name: 'what is free, then that',
    lines: [
      'Do you have anything free on Thursday?',
      'Eleven would be fine.',
      "It's Peter Hansen.",
      'Thank you, that is all.',
    ],
    calls: [
      { name: 'free_slots', args: { day: 'thursday' } },
      {
        name: 'book_appointment',
        args: { name: 'Peter Hansen', day: 'thursday', time: '11:00' },
        result: { booked: true },
      },
    ],
  },
  {
    name: 'taken, another time',
    lines: [
      'Can I make an appointment on Monday at nine?',
      'Emma Johnson.',
      'Then at eleven a m, please.',
      'Thank you very much.',
      'Bye.',
    ],
    calls: [
      {
        name: 'book_appointment',
        args: { name: 'Emma Johnson', day: 'monday', time: '09:00' },
        result: { booked: false },
      },
      {
        name: 'book_appointment',
        args: { name: 'Emma Johnson', day: 'monday', time: '11:00' },
        result: { booked: true },
      },
    ],
  },
  {
    name: 'booked and cancelled',
    lines: [
      'Please book an appointment on Friday at three p m for Sarah Brown.',
      'I am sorry, I cannot come to my appointment.',
      'My name is Sarah Brown.',
      'Thank you, goodbye.',
    ],
    calls: [
      {
        name: 'book_appointment',
        args: { name: 'Sarah Brown', day: 'friday', time: '15:00' },
        result: { booked: true },
      },
      { name: 'cancel_appointment', args: { name: 'Sarah Brown' }, result: { cancelled: 1 } },
    ],
  },
  {
    name: 'a day on which they are closed',
    lines: [
      'Which times are free on Sunday?',
      'Then on Monday.',
      'At four in the afternoon, please.',
      'This is Robert Taylor.',
      'Thanks, bye.',
    ],
    calls: [
      { name: 'free_slots', args: { day: 'sunday' }, result: { closed: true } },
      { name: 'free_slots', args: { day: 'monday' } },
      {
        name: 'book_appointment',
        args: { name: 'Robert Taylor', day: 'monday', time: '16:00' },
        result: { booked: true },
      },
    ],
  },
  {
    name: 'lost at first',
    lines: [
      'Hello, what can you do?',
      'Which slots do you have free on Friday?',
      'I would like nine a m.',
      'Mary Jones.',
      'That is all, thank you.',
      'Goodbye.',
    ],
    calls: [
      { name: 'free_slots', args: { day: 'friday' } },
      {
        name: 'book_appointment',
        args: { name: 'Mary Jones', day: 'friday', time: '09:00' },
        result: { booked: true },
      },
    ],
  },
  {
    name: 'a time that is none, then cancelled',
    lines: [
      'I would like an appointment on Wednesday at half past two.',
      'Thomas Clark.',
      "Three o'clock is fine.",
      'Please cancel my appointment, my name is Thomas Clark.',
      'Goodbye.',
    ],
    calls: [
      {
        name: 'book_appointment',
        args: { name: 'Thomas Clark', day: 'wednesday', time: '14:30' },
        result: { booked: false },
      },
      {
        name: 'book_appointment',
        args: { name: 'Thomas Clark', day: 'wednesday', time: '15:00' },
        result: { booked: true },
      },
      { name: 'cancel_appointment', args: { name: 'Thomas Clark' }, result: { cancelled: 1 } },
    ],
  },
  {
    name: 'nothing to cancel, so a new one',
    lines: [
      'How long are you open today?',
      'I want to cancel my appointment.',
      'For Maria Lopez.',
      'Find me a free time on Tuesday, please.',
      'Two p m, and my name is David Miller.',
      'Thank you, goodbye.',
    ],
    calls: [
      { name: 'opening_hours', args: {} },
      { name: 'cancel_appointment', args: { name: 'Maria Lopez' }, result: { cancelled: 0 } },
      { name: 'free_slots', args: { day: 'tuesday' } },
      {
        name: 'book_appointment',
        args: { name: 'David Miller', day: 'tuesday', time: '14:00' },
        result: { booked: true },
      },
    ],
  },
];
