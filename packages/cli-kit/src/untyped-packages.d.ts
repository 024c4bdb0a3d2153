// cliui 9 ships no types, and those of DefinitelyTyped describe version 3.
declare module 'cliui' {
  interface Cell {
    readonly text: string;
    readonly width: number;
    readonly padding: readonly [top: number, right: number, bottom: number, left: number];
  }
  interface Ui {
    div(...cells: readonly Cell[]): void;
    toString(): string;
  }
  function cliui(options: { readonly width: number; readonly wrap: boolean }): Ui;

  // biome-ignore lint/style/noDefaultExport: this is what the package exports
  export { cliui as default };
}

// The types know only the main entry; this one is the same function.
declare module 'yargs-parser/browser' {
  import yargsParser from 'yargs-parser';

  // biome-ignore lint/style/noDefaultExport: this is what the package exports
  export { yargsParser as default };
}
