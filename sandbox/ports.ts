import { SERVICES } from '../local/ports.ts';

export const DEFAULT_PORT_BASE = 8790;
/** One port per service, and one for the dashboard. */
export const PORT_COUNT = SERVICES.length + 1;
export const HIGHEST_PORT_BASE = 65_536 - PORT_COUNT;
