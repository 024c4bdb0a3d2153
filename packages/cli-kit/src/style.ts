import { harmless } from './harmless.ts';

/** How text for people is dressed. Without colour the colour functions change nothing. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  /** Width of the output in columns. */
  readonly columns: number;
  readonly isTty: boolean;
  /**
   * On a terminal aligned columns, cut to its width with `…`; else one row per line, cells separated
   * by tabs, without the header. Line breaks and tabs inside cells become spaces.
   */
  table(rows: readonly (readonly string[])[], header?: readonly string[]): Promise<string>;
}

/** What a style depends on. */
export interface StyleOptions {
  readonly colour: boolean;
  readonly columns: number;
  readonly isTty: boolean;
}

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** The style for one stream. */
export async function createStyle({ colour, columns, isTty }: StyleOptions): Promise<Style> {
  // node:util is slow to import, and without colour not needed.
  const styleText = colour ? (await import('node:util')).styleText : undefined;
  // The kit has decided about colour already; styleText is not to look at the process again.
  const dress = (format: Format) => (text: string) =>
    styleText === undefined ? text : styleText(format, text, { validateStream: false });
  return {
    bold: dress('bold'),
    dim: dress('dim'),
    red: dress('red'),
    green: dress('green'),
    yellow: dress('yellow'),
    cyan: dress('cyan'),
    columns,
    isTty,
    async table(rows, header) {
      const cells = rows.map((row) => row.map((cell) => harmless(oneLine(cell), colour)));
      if (!isTty) return cells.map((row) => row.join('\t')).join('\n');
      const { layoutTable } = await import('./table.ts');
      const head = header === undefined ? [] : [header.map(dress('bold'))];
      return layoutTable([...head, ...cells], columns);
    },
  };
}

function oneLine(cell: string): string {
  return cell.replace(/[\t\n\v\f\r]+/g, ' ');
}
