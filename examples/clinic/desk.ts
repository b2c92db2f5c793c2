import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import sqlite from 'node-sqlite3-wasm';

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
export type Weekday = (typeof weekdays)[number];

export function isWeekday(day: string): day is Weekday {
  return (weekdays as readonly string[]).includes(day);
}

/** What a time slot is called in the book: 24-hour clock, `HH:MM`. */
export const times = ['09:00', '10:00', '11:00', '14:00', '15:00', '16:00'] as const;

/** Taken from the start, so that "is that free?" has both answers. */
const taken: readonly (readonly [Weekday, string])[] = [
  ['monday', '09:00'],
  ['monday', '10:00'],
  ['tuesday', '11:00'],
  ['tuesday', '16:00'],
  ['thursday', '14:00'],
];

export interface Appointment {
  name: string;
  day: Weekday;
  time: string;
}

/** The clinic's appointment book: one SQLite file, which survives a restart. */
export class Desk {
  readonly #db: InstanceType<typeof sqlite.Database>;

  /** `file`: created with its folder when missing; ':memory:' for a book that is forgotten. */
  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    this.#db = new sqlite.Database(file);
    this.#db.exec(`CREATE TABLE IF NOT EXISTS appointment (
      day TEXT NOT NULL, time TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (day, time))`);
    const { count } = this.#db.get('SELECT count(*) AS count FROM appointment') as { count: number };
    if (count > 0) return;
    for (const [day, time] of taken) this.#insert({ name: 'someone else', day, time });
  }

  openingHours(): { days: string; from: string; to: string; closed: string } {
    return { days: 'Monday to Friday', from: '09:00', to: '17:00', closed: 'Saturday and Sunday' };
  }

  freeSlots(day: Weekday): string[] {
    const rows = this.#db.all('SELECT time FROM appointment WHERE day = ?', [day]) as { time: string }[];
    const busy = new Set(rows.map(({ time }) => time));
    return times.filter((time) => !busy.has(time));
  }

  /** Undefined when the slot is taken or not a slot of the clinic. */
  book(appointment: Appointment): Appointment | undefined {
    if (!this.freeSlots(appointment.day).includes(appointment.time)) return undefined;
    this.#insert(appointment);
    return appointment;
  }

  /** The appointments that were cancelled; none when the name has none. */
  cancel(name: string): Appointment[] {
    const found = this.appointmentsOf(name);
    this.#db.run('DELETE FROM appointment WHERE lower(name) = lower(?)', [name]);
    return found;
  }

  appointmentsOf(name: string): Appointment[] {
    return this.#db.all(
      'SELECT name, day, time FROM appointment WHERE lower(name) = lower(?) ORDER BY day, time',
      [name],
    ) as unknown as Appointment[];
  }

  close(): void {
    this.#db.close();
  }

  #insert({ name, day, time }: Appointment): void {
    this.#db.run('INSERT INTO appointment (day, time, name) VALUES (?, ?, ?)', [day, time, name]);
  }
}
