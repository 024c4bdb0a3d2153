import type { Operator, Pattern } from './expression.ts';
import { FilterProblem, OPERATORS } from './expression.ts';

/** What words join terms with, in any case. */
export const KEYWORDS = ['AND', 'OR', 'NOT'] as const;
export type Keyword = (typeof KEYWORDS)[number];

/** A value as it was written, and where. */
export interface WrittenValue {
  readonly offset: number;
  readonly pattern: Pattern;
}

/** Reads the pieces of an expression. Offsets count as JavaScript does; only messages count otherwise. */
export class Lexer {
  readonly text: string;
  offset = 0;

  constructor(text: string) {
    this.text = text;
    this.skipSpace();
  }

  get isAtEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** Takes a parenthesis if it stands here. */
  takeMark(mark: '(' | ')'): boolean {
    if (this.text[this.offset] !== mark) return false;
    this.offset += 1;
    this.skipSpace();
    return true;
  }

  /** The word that stands here: letters and underscores; empty where there is none. */
  peekWord(): string {
    return /^[\p{L}\p{M}_]*/u.exec(this.text.slice(this.offset, this.offset + 100))?.[0] ?? '';
  }

  /** Takes a keyword if it stands here as a whole word. */
  takeKeyword(keyword: Keyword): boolean {
    if (!this.isKeyword([keyword])) return false;
    this.offset += keyword.length;
    this.skipSpace();
    return true;
  }

  /** Whether one of these keywords stands here, and not a field of that name with an operator. */
  private isKeyword(keywords: readonly string[]): boolean {
    const word = this.peekWord();
    if (!keywords.includes(word.toUpperCase())) return false;
    const next = this.text[this.offset + word.length];
    return next === undefined || next === '(' || next === ')' || SPACE.test(next);
  }

  /** Takes a word that is there. */
  takeWord(): string {
    const word = this.peekWord();
    this.offset += word.length;
    this.skipSpace();
    return word;
  }

  /** Takes the operator that stands here, or undefined. */
  takeOperator(): Operator | undefined {
    const operator = LONGEST_FIRST.find((each) => this.text.startsWith(each, this.offset));
    if (operator === undefined) return undefined;
    this.offset += operator.length;
    const start = this.offset;
    this.skipSpace();
    // `state: AND …` has lost its value; without the space AND may be one.
    if (this.offset > start && this.isKeyword(KEYWORDS)) throw this.noValue();
    return operator;
  }

  /** Takes one value or more, separated by commas. */
  takeValues(): WrittenValue[] {
    const values = [this.takeValue()];
    while (this.text[this.offset] === ',') {
      this.offset += 1;
      this.skipSpace();
      values.push(this.takeValue());
    }
    this.skipSpace();
    return values;
  }

  private takeValue(): WrittenValue {
    const offset = this.offset;
    const quote = this.text[offset];
    const isQuoted = quote === '"' || quote === "'";
    const pattern = isQuoted ? this.takeQuoted(quote) : this.takeBare();
    if (pattern.length === 1 && pattern[0] === '') {
      this.offset = offset;
      throw this.noValue();
    }
    return { offset, pattern };
  }

  private takeQuoted(quote: string): Pattern {
    const opened = this.offset;
    this.offset += 1;
    const parts = this.takeParts((character) => character === quote);
    if (this.text[this.offset] !== quote) {
      throw new FilterProblem(opened, 'this quote is not closed', [quote]);
    }
    this.offset += 1;
    const next = this.text[this.offset];
    if (next === undefined || ENDS_BARE.test(next)) return parts;
    throw new FilterProblem(this.offset, 'the value goes on after its closing quote', [
      'a space',
      ',',
      ')',
      'the end',
    ]);
  }

  private takeBare(): Pattern {
    const parts = this.takeParts((character) => ENDS_BARE.test(character));
    return parts;
  }

  /** Reads up to where `isEnd` says, splitting at stars. A backslash takes the next character as it is. */
  private takeParts(isEnd: (character: string) => boolean): Pattern {
    const parts: string[] = [];
    let part = '';
    for (;;) {
      const character = this.text[this.offset];
      if (character === undefined || isEnd(character)) break;
      this.offset += 1;
      if (character === '*') {
        parts.push(part);
        part = '';
      } else if (character === '\\') {
        part += this.takeEscaped();
      } else {
        part += character;
      }
    }
    return [...parts, part];
  }

  private takeEscaped(): string {
    const code = this.text.codePointAt(this.offset);
    if (code === undefined) {
      throw new FilterProblem(this.offset - 1, 'a backslash takes the next character as it is', [
        'a character after the backslash',
      ]);
    }
    const character = String.fromCodePoint(code);
    this.offset += character.length;
    return character;
  }

  private noValue(): FilterProblem {
    return new FilterProblem(this.offset, 'a value is missing', ['a value']);
  }

  private skipSpace(): void {
    while (SPACE.test(this.text[this.offset] ?? '')) this.offset += 1;
  }
}

const SPACE = /\s/;
const ENDS_BARE = /[\s(),]/;
const LONGEST_FIRST = OPERATORS.toSorted((a, b) => b.length - a.length);
