import { elementWith, type Markup } from '../../../report/html/element.ts'

export const WAVES = 'The wave'
export const HOSTS = 'Every host'
/** The tiles say it. */
export const TILED = 'What befell how many'
/** How the parts of single waves are called, which are one part here. */
export const ONE_WAVE = 'The wave: '

export const anchorOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-')

/** A part's heading, to which the contents lead. */
export const heading = (title: string): Markup => elementWith('h2', { id: anchorOf(title) }, title)
