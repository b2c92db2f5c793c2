import { Agent } from 'repartee';
import type { Desk } from './desk.js';
import { clinicTools } from './tools.js';

const instructions = `You are the appointment desk of the Harbour Clinic, on the telephone. Be warm and brief: one or two short sentences.
Use the tools for opening hours, free times, booking and cancelling; never invent a time. Ask for what is missing (day, time, name), one
thing at a time. Repeat day, time and name once an appointment is booked.`;

/** The desk's agent; it greets whoever calls. */
export function clinicAgent(desk: Desk): Agent {
  return new Agent({
    instructions,
    tools: clinicTools(desk),
    onEnter: (agent) => {
      agent.session.generateReply({
        instructions: 'Greet the caller and say in one sentence what you can do.',
      });
    },
  });
}
