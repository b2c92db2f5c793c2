import { type Tool, tool } from 'repartee';
import { z } from 'zod';
import { type Desk, isWeekday, times } from './desk.js';

const day = z
  .enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
  .describe('Day of the week, in lower case');
const name = z.string().min(1).describe('Name of the patient');
const time = z
  .string()
  .regex(/^\d\d:\d\d$/)
  .describe(`24-hour clock, HH:MM. The clinic has ${times.join(', ')}`);

/** What the appointment desk can do. */
export function clinicTools(desk: Desk): Tool[] {
  return [
    tool({
      name: 'opening_hours',
      description: 'When the clinic is open',
      parameters: z.object({}),
      execute: () => desk.openingHours(),
    }),
    tool({
      name: 'free_slots',
      description: 'The free appointment times of a day, 24-hour clock',
      parameters: z.object({ day }),
      execute: (args) =>
        isWeekday(args.day)
          ? { day: args.day, slots: desk.freeSlots(args.day) }
          : { day: args.day, closed: true },
    }),
    tool({
      name: 'book_appointment',
      description: 'Books an appointment; tells the free times of the day when the wanted one is taken',
      parameters: z.object({ name, day, time }),
      execute: (args) => {
        if (!isWeekday(args.day)) return { booked: false, day: args.day, closed: true };
        const booked = desk.book({ ...args, day: args.day });
        if (booked !== undefined) return { booked: true, ...booked };
        return { booked: false, day: args.day, time: args.time, slots: desk.freeSlots(args.day) };
      },
    }),
    tool({
      name: 'cancel_appointment',
      description: 'Cancels all appointments of a patient',
      parameters: z.object({ name }),
      execute: (args) => {
        const cancelled = desk.cancel(args.name);
        return { cancelled: cancelled.length, name: args.name, appointments: cancelled };
      },
    }),
  ];
}
