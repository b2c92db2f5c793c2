// The clinic's desk as a callee: its real dialogue, tools and turn taking, with ears that hear what the caller says.
import { cascadeModel, scriptedLlm, toneTts } from 'repartee/cascade';
import { sileroVad } from 'repartee/speech/embedded';
import { type Callee, type CalleeSeams, perfectStt } from 'repartee/testing';
import { clinicAgent } from '../clinic/agent.js';
import { Desk } from '../clinic/desk.js';
import { clinicDialogue } from '../clinic/dialogue.js';

export default function clinic(seams: CalleeSeams): Callee {
  const desk = new Desk(':memory:');
  const vad = sileroVad();
  const parts = {
    stt: perfectStt(seams),
    llm: scriptedLlm(clinicDialogue),
    tts: toneTts({ msPerWord: 130 }),
    vad,
  };
  return {
    agent: clinicAgent(desk),
    options: { llm: cascadeModel(parts) },
    close() {
      vad.close();
      desk.close();
    },
  };
}
