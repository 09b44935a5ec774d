// Makes the JavaScript of the front end's template out of its TypeScript: types become JSDoc comments, and every other
// character stays where it is.
//
//   node scripts/javascript.mjs TYPESCRIPT FROM TO
//
// TYPESCRIPT is the folder of the package `typescript`, FROM a folder of sources, TO the folder that they are written to.
// A construct that has no form in JSDoc here is an error: write the source otherwise.

import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [, , package_, from, to] = process.argv;
const ts = createRequire(import.meta.url)(path.resolve(package_));

/** Every file of the folder; what is not TypeScript is copied. */
function main() {
  for (const name of readdirSync(from, { recursive: true }).sort()) {
    if (!statSync(path.join(from, name)).isFile() || name.endsWith(".d.ts")) continue;
    const made = path.join(to, name.replace(/\.ts(x?)$/, ".js$1"));
    const text = readFileSync(path.join(from, name), "utf8");
    mkdirSync(path.dirname(made), { recursive: true });
    writeFileSync(made, /\.tsx?$/.test(name) ? javascript(name, text) : text);
  }
}

/** The text of a file without its types. */
function javascript(name, text) {
  const kind = name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, kind);
  const edits = [];
  visit(source, { source, text, edits });
  // From the end, so that places before an edit stay right.
  edits.sort((a, b) => b.start - a.start || b.end - a.end);
  for (const { start, end, by } of edits) text = text.slice(0, start) + by + text.slice(end);
  return `// @ts-check\n\n${text.replace(/\.ts(x?)(?=<\/code>)/g, ".js$1")}`;
}

function visit(node, file) {
  // By number: some kinds have a second name, under which the compiler shows them.
  const found = Object.entries(RULES).find(([kind]) => ts.SyntaxKind[kind] === node.kind);
  const goesOn = found?.[1](node, file) !== false;
  if (goesOn) ts.forEachChild(node, (child) => visit(child, file));
}

/** What is done at a node; `false` ends there. */
const RULES = {
  ImportDeclaration(node, file) {
    if (!node.importClause?.isTypeOnly) return false;
    const names = node.importClause.namedBindings.getText();
    replace(file, node, `/** @import ${names} from ${node.moduleSpecifier.getText()} */`);
    return false;
  },

  InterfaceDeclaration(node, file) {
    const bases = (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => type.getText()));
    const name = node.name.text;
    const own = bases.length > 0 ? `Own${name}` : name;
    const lines = [...docOf(node, file), "", `@typedef {object} ${own}`];
    for (const member of node.members) lines.push(property(member, file));
    if (bases.length > 0) lines.push(`@typedef {${[...bases, own].join(" & ")}} ${name}`);
    replaceWithDoc(file, node, lines);
    return false;
  },

  TypeAliasDeclaration(node, file) {
    replaceWithDoc(file, node, [...docOf(node, file), "", `@typedef {${node.type.getText()}} ${node.name.text}`]);
    return false;
  },

  VariableStatement(node, file) {
    const [declaration] = node.declarationList.declarations;
    const tags = [];
    if (declaration.type) {
      tags.push(`@type {${declaration.type.getText()}}`);
      cutType(file, declaration.name.end, declaration.type.end);
    } else if (declaration.initializer && ts.isArrowFunction(declaration.initializer)) {
      tags.push(...signature(declaration.initializer, file));
    }
    document(file, node, tags);
  },

  FunctionDeclaration(node, file) {
    document(file, node, signature(node, file));
  },

  MethodDeclaration(node, file) {
    document(file, node, signature(node, file));
  },

  ArrowFunction(node, file) {
    // The value of a constant has its tags there.
    if (ts.isVariableDeclaration(node.parent)) return;
    for (const parameter of node.parameters) {
      if (!parameter.type) continue;
      insert(file, parameter.getStart(), `/** @type {${parameter.type.getText()}} */ `);
      cutType(file, parameter.name.end, parameter.type.end);
    }
    if (node.type) fail(file, node.type, "a nested arrow function has a result's type");
  },

  CallExpression(node, file) {
    if (!node.typeArguments) return;
    if (node.typeArguments.length !== 1 || node.arguments.length !== 1) fail(file, node, "more than one type or value");
    insert(file, node.arguments[0].getStart(), `/** @type {${node.typeArguments[0].getText()}} */ (`);
    insert(file, node.arguments[0].end, ")");
    cut(file, node.expression.end, node.typeArguments.end + 1);
  },

  NewExpression(node, file) {
    if (!node.typeArguments) return;
    const types = node.typeArguments.map((type) => type.getText()).join(", ");
    insert(file, node.getStart(), `/** @type {${node.expression.getText()}<${types}>} */ (`);
    insert(file, node.end, ")");
    cut(file, node.expression.end, node.typeArguments.end + 1);
  },

  AsExpression: (node, file) => fail(file, node, "`as` is not taken over"),
  NonNullExpression: (node, file) => fail(file, node, "`!` is not taken over"),
  EnumDeclaration: (node, file) => fail(file, node, "an enum is no JavaScript"),
  ClassDeclaration: (node, file) => fail(file, node, "classes are not taken over"),
};

/** The tags of a function, whose types are cut away. */
function signature(node, file) {
  const tags = (node.typeParameters ?? []).map((type) => `@template ${type.name.text}`);
  if (node.typeParameters) cut(file, node.typeParameters.pos - 1, node.typeParameters.end + 1);
  for (const parameter of node.parameters) {
    if (!parameter.type) continue;
    const isComponent = /^[A-Z]/.test(node.name?.text ?? "");
    const name = ts.isIdentifier(parameter.name) ? parameter.name.text : isComponent ? "props" : "values";
    tags.push(`@param {${parameter.type.getText()}} ${parameter.questionToken ? `[${name}]` : name}`);
    cutType(file, parameter.name.end, parameter.type.end);
  }
  if (node.type) {
    tags.push(`@returns {${node.type.getText()}}`);
    cutType(file, node.type.pos - 1, node.type.end);
  }
  return tags;
}

function property(member, file) {
  const said = docOf(member, file).join(" ");
  const name = member.questionToken ? `[${member.name.text}]` : member.name.text;
  const parameters = member.parameters?.map((parameter) => parameter.getText()).join(", ");
  const generic = member.typeParameters ? `<${member.typeParameters.map((type) => type.getText()).join(", ")}>` : "";
  const type = parameters === undefined ? member.type.getText() : `${generic}(${parameters}) => ${member.type.getText()}`;
  return `@property {${type.replaceAll("\n", " ")}} ${name}${said && ` ${said}`}`;
}

/** Puts tags above a statement, into the comment that is there. */
function document(file, node, tags) {
  if (tags.length === 0) return;
  const lines = [...docOf(node, file), "", ...tags];
  const doc = node.jsDoc?.at(-1);
  const start = doc ? doc.getStart() : node.getStart();
  const end = node.getStart(file.source, false);
  file.edits.push({ start, end, by: `${comment(lines, column(file, start))}\n${column(file, start)}` });
}

/** A declaration of types becomes a comment. */
function replaceWithDoc(file, node, lines) {
  const start = node.jsDoc?.at(-1)?.getStart() ?? node.getStart();
  file.edits.push({ start, end: node.end, by: comment(lines, column(file, start)) });
}

function comment(lines, indent) {
  const said = lines[0] === "" ? lines.slice(1) : lines;
  if (said.length === 1) return `/** ${said[0]} */`;
  return ["/**", ...said.map((line) => `${indent} *${line && ` ${line}`}`), `${indent} */`].join("\n");
}

/** The lines of the comment above a node. */
function docOf(node, file) {
  const doc = node.jsDoc?.at(-1);
  if (!doc) return [];
  const inside = file.text.slice(doc.pos, doc.end).replace(/^\/\*\*/, "").replace(/\*\/$/, "");
  return inside.split("\n").map((line) => line.trim().replace(/^\* ?/, "")).filter((line, at, all) => line || (at && at < all.length - 1));
}

/** The white space in front of a place. */
function column(file, place) {
  const line = file.text.slice(file.text.lastIndexOf("\n", place - 1) + 1, place);
  return line.match(/^\s*/)[0];
}

function replace(file, node, by) {
  file.edits.push({ start: node.getStart(), end: node.end, by });
}

function insert(file, place, by) {
  file.edits.push({ start: place, end: place, by });
}

function cut(file, start, end) {
  file.edits.push({ start, end, by: "" });
}

/** From behind a name, with a question mark and colon, to the end of the type. */
function cutType(file, start, end) {
  cut(file, start, end);
}

function fail(file, node, why) {
  const { line } = file.source.getLineAndCharacterOfPosition(node.getStart());
  throw new Error(`${file.source.fileName}:${line + 1}: ${why}`);
}

main();
