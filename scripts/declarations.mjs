// One file of declarations for the library: what a program sees of it, and nothing that it would have to install.
// `node scripts/declarations.mjs` writes it anew; a test says when that is due, and the build takes it along.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGES = `${join(root, 'packages')}/`;

const HEAD = '// Made from the sources by scripts/declarations.mjs.';
const AS_WRITTEN =
  ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.InTypeAlias |
  ts.NodeBuilderFlags.MultilineObjectLiterals;

/** The library, and where its declarations are kept. */
export const LIBRARY = {
  entry: 'packages/jit-dispatch/src/index.ts',
  declarations: 'packages/jit-dispatch/library.gen.d.ts',
};

/**
 * The declarations of everything that an entry exports and of everything that those name, as one text.
 * @param entry path of the module, from the root of the repository
 */
export function declarationsOf(entry) {
  const program = createProgram(join(root, entry));
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(join(root, entry)));
  const exported = checker.getExportsOfModule(module);
  const isAlias = (symbol) => (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const origin = (symbol) => (isAlias(symbol) ? checker.getAliasedSymbol(symbol) : symbol);
  const emitted = emittedStatements(program);

  const texts = new Map();
  const owners = new Map();
  const queue = exported.map(origin);
  for (let symbol = queue.shift(); symbol !== undefined; symbol = queue.shift()) {
    const ours = (symbol.declarations ?? []).filter(isOurs);
    // A schema and its type have one name: programs see the type.
    const declaration = ours.find((each) => !ts.isVariableDeclaration(each)) ?? ours[0];
    if (declaration === undefined || ts.isTypeParameterDeclaration(declaration)) continue;
    const owner = owners.get(symbol.name);
    if (owner === declaration) continue;
    if (owner !== undefined) throw new Error(`two declarations are called ${symbol.name}`);
    owners.set(symbol.name, declaration);
    const isExpanded = ts.isTypeAliasDeclaration(declaration) && namesValues(declaration);
    texts.set(
      symbol.name,
      isExpanded ? expanded(checker, declaration) : emitted(declaration, symbol.name),
    );
    if (!isExpanded) queue.push(...namedIn(checker, declaration).map(origin));
  }
  const isValue = (symbol) => (origin(symbol).flags & ts.SymbolFlags.Value) !== 0;
  const names = exported.map((each) => `${isValue(each) ? '' : 'type '}${each.name}`).sort();
  return `${HEAD}\n\n${[...texts.values()].join('\n\n')}\n\nexport { ${names.join(', ')} };\n`;
}

function createProgram(entry) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [] },
    ts.sys,
    root,
  );
  return ts.createProgram([entry, join(PACKAGES, 'contract/src/build.d.ts')], {
    ...options,
    noEmit: false,
    incremental: false,
    tsBuildInfoFile: undefined,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: '/out',
    rootDir: root,
    // What is found through node_modules is not emitted.
    paths: Object.fromEntries(
      ['contract', 'cli-kit'].map((name) => [`@jit/${name}/*`, [join(PACKAGES, name, 'src/*.ts')]]),
    ),
  });
}

function isOurs(declaration) {
  const { fileName } = declaration.getSourceFile();
  return fileName.startsWith(PACKAGES) && !fileName.includes('/node_modules/');
}

/** Names a schema or a list of words: its type is what counts. */
function namesValues(node) {
  const isOfZod = ts.isQualifiedName(node) && node.left.getText() === 'z';
  return isOfZod || ts.isTypeQueryNode(node) || ts.forEachChild(node, namesValues) === true;
}

function expanded(checker, declaration) {
  const type = checker.getTypeAtLocation(declaration);
  const node = checker.typeToTypeNode(type, undefined, AS_WRITTEN);
  const text = ts
    .createPrinter()
    .printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile());
  return `${commentOf(declaration)}type ${declaration.name.text} = ${text};`;
}

function commentOf(declaration) {
  const text = declaration.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, declaration.getFullStart()) ?? [];
  const last = ranges.at(-1);
  return last === undefined ? '' : `${text.slice(last.pos, last.end)}\n`;
}

/** Everything that a declaration names, without what is inside of functions. */
function namedIn(checker, declaration) {
  const found = [];
  const visit = (node) => {
    if (ts.isBlock(node)) return;
    if (ts.isVariableDeclaration(node)) return;
    if (ts.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node);
      const isType =
        symbol !== undefined && (symbol.flags & (ts.SymbolFlags.Type | ts.SymbolFlags.Alias)) !== 0;
      if (isType) found.push(symbol);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(declaration, visit);
  return found;
}

/** Finds the text that the compiler emits for a declaration. */
function emittedStatements(program) {
  const files = new Map();
  const fileOf = (source) => {
    if (!files.has(source.fileName)) {
      let text = '';
      program.emit(
        source,
        (_, written) => {
          text = written;
        },
        undefined,
        true,
      );
      files.set(
        source.fileName,
        ts.createSourceFile('emitted.d.ts', text, ts.ScriptTarget.Latest, true),
      );
    }
    return files.get(source.fileName);
  };
  return (declaration, name) => {
    const statement = fileOf(declaration.getSourceFile()).statements.find((each) =>
      ts.isVariableStatement(each)
        ? each.declarationList.declarations.some((one) => one.name.text === name)
        : each.name?.text === name,
    );
    if (statement === undefined) throw new Error(`no declaration of ${name} was emitted`);
    const text = statement.getFullText().trim();
    if (text.includes('import('))
      throw new Error(`the declaration of ${name} names another module`);
    return text.replace(/^(export )(?=declare |interface |type )/m, '');
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(join(root, LIBRARY.declarations), declarationsOf(LIBRARY.entry));
