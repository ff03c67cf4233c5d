/** Colours of a chart: CSS variables in a page, which follow its light or dark mode; fixed ones in a picture. */
export interface Palette {
  text: string;
  quiet: string;
  rule: string;
  user: string;
  system: string;
  iowait: string;
  memory: string;
  limit: string;
  /** Behind every other phase. */
  band: string;
  background: string;
}

export const PAGE_PALETTE: Palette = {
  text: 'var(--text)',
  quiet: 'var(--quiet)',
  rule: 'var(--rule)',
  user: 'var(--user)',
  system: 'var(--system)',
  iowait: 'var(--iowait)',
  memory: 'var(--memory)',
  limit: 'var(--limit)',
  band: 'var(--band)',
  background: 'transparent',
};

export const PICTURE_PALETTE: Palette = {
  text: '#1c2430',
  quiet: '#5b6676',
  rule: '#dfe4ea',
  user: '#2b5fc4',
  system: '#6590e4',
  iowait: '#cf6f16',
  memory: '#2f9e83',
  limit: '#8a94a3',
  band: '#f1f4f8',
  background: '#ffffff',
};
