import { type ModelTraits, traitsOf, vertexTraits } from '../../wire/gemini/index.js';
import type { ServerTool } from './options.js';

/** Where the model is reached: the Gemini API, or Google Cloud. */
export type Surface = 'gemini' | 'vertex';

/** What a model takes of the options (protocol page, sections 3 and 8). The wire's own traits stand beside. */
export interface ModelFacts {
  /** False: the name is not in the table; it is taken for the newest, and no option is refused for its sake. */
  known: boolean;
  /** How thinking is set, and to what. */
  thinking: 'none' | 'budget' | readonly ThinkingLevel[];
  /** The level must be given; this one where no option does. */
  thinkingDefault?: ThinkingLevel;
  affectiveDialog: boolean;
  /** `always`: it cannot be switched off. */
  proactivity: 'option' | 'always' | 'none';
  toolBehavior: readonly ('BLOCKING' | 'NON_BLOCKING')[];
  serverTools: readonly ServerTool[];
  /** Answers in text instead of speech. */
  text: boolean;
  translation: boolean;
  /** The language of its speech can be set; else it chooses by itself. */
  languageCode: boolean;
  surfaces: readonly Surface[];
  /** ISO date from which the service does not serve it. */
  shutDown?: string;
}

export type ThinkingLevel = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';

const everyTool: readonly ServerTool[] = [
  'googleSearch',
  'codeExecution',
  'urlContext',
  'googleMaps',
  'computerUse',
  'fileSearch',
  'mcpServers',
];
const both: readonly Surface[] = ['gemini', 'vertex'];

const live38: ModelFacts = {
  known: true,
  thinking: 'none',
  affectiveDialog: false,
  proactivity: 'always',
  toolBehavior: ['BLOCKING', 'NON_BLOCKING'],
  serverTools: ['googleSearch'],
  text: false,
  translation: false,
  languageCode: false,
  surfaces: both,
};

const native25: ModelFacts = {
  known: true,
  thinking: 'budget',
  affectiveDialog: true,
  proactivity: 'option',
  toolBehavior: ['BLOCKING', 'NON_BLOCKING'],
  serverTools: everyTool,
  text: false,
  translation: false,
  languageCode: false,
  surfaces: ['gemini'],
};

const extended: ModelFacts = {
  ...live38,
  thinking: ['LOW', 'MEDIUM', 'HIGH'],
  thinkingDefault: 'LOW',
  toolBehavior: ['NON_BLOCKING'],
};

const gone: ModelFacts = { ...native25, text: true, languageCode: true, shutDown: '2025-12-09' };

const table: Readonly<Record<string, ModelFacts>> = {
  'gemini-3.8-live': live38,
  'gemini-3.8-live-extended-thinking': extended,
  'gemini-3.1-flash-live-preview': {
    ...live38,
    thinking: ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'],
    proactivity: 'none',
    toolBehavior: ['BLOCKING'],
    surfaces: ['gemini'],
  },
  'gemini-3.5-live-translate-preview': { ...live38, translation: true, surfaces: ['gemini'] },
  'gemini-2.5-flash-native-audio-preview-12-2025': native25,
  'gemini-2.5-flash-native-audio-latest': native25,
  // Its calls carry no ids: behaviours other than the default have nothing to be matched by.
  'gemini-live-2.5-flash-native-audio': { ...native25, toolBehavior: [], surfaces: ['vertex'] },
  'gemini-2.0-flash-live-001': gone,
  'gemini-live-2.5-flash-preview': gone,
};

const unknown: ModelFacts = {
  known: false,
  thinking: 'none',
  affectiveDialog: true,
  proactivity: 'option',
  toolBehavior: ['BLOCKING', 'NON_BLOCKING'],
  serverTools: everyTool,
  text: true,
  translation: true,
  languageCode: true,
  surfaces: both,
};

/** The bare name of `models/NAME` or of a publisher's long name. */
export function bareName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1);
}

export function modelFacts(model: string): ModelFacts {
  const name = bareName(model);
  return Object.hasOwn(table, name) ? table[name]! : unknown;
}

/** Names in the table that are still served there, for error messages. */
export function servedModels(surface: Surface): string[] {
  return Object.entries(table)
    .filter(([, facts]) => facts.shutDown === undefined && facts.surfaces.includes(surface))
    .map(([name]) => name);
}

/** What the wire does for this model there. */
export function modelTraits(model: string, surface: Surface): ModelTraits {
  const traits = traitsOf(model);
  return surface === 'vertex' ? vertexTraits(traits) : traits;
}

/** Names of the voices (2026-11); the service takes others too, so a name that is not here is passed on. */
export const voices = [
  'Achernar',
  'Achird',
  'Algenib',
  'Algieba',
  'Alnilam',
  'Aoede',
  'Autonoe',
  'Callirrhoe',
  'Charon',
  'Despina',
  'Enceladus',
  'Erinome',
  'Fenrir',
  'Gacrux',
  'Iapetus',
  'Kore',
  'Laomedeia',
  'Leda',
  'Orus',
  'Puck',
  'Pulcherrima',
  'Rasalgethi',
  'Sadachbia',
  'Sadaltager',
  'Schedar',
  'Sulafat',
  'Umbriel',
  'Vindemiatrix',
  'Zephyr',
  'Zubenelgenubi',
] as const;
