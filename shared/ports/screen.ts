/** Where a program's words go, as a person or another program reads them. */
export interface Screen {
  /** Data: lines of text. */
  data(text: string): void;
  /** Data for a program. */
  json(value: unknown): void;
  /** A message beside the data. */
  note(message: string): void;
  warn(message: string): void;
  /** How wide a table may be. */
  readonly columns: number;
  /** One line that is drawn over again, where a person looks on. */
  live: { draw(text: string): void; clear(): void };
  /** The text in a colour, where data goes to a terminal that has colours; else as it is. */
  paint(colour: 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold', text: string): string;
}
