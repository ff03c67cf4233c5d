#!/usr/bin/env node
'use strict';

/**
 * Starts the command however it is called: npx, a global install, node_modules/.bin, a checkout, any Node from 14 on.
 * The program itself needs Node 24; an older one hands over to the `node` package where there is one beside it.
 */
const { spawn } = require('node:child_process');
const { existsSync, readFileSync, realpathSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const NEEDED_MAJOR = 24;
/** A terminal sends the first three to the other process as well. */
const SIGNALS = ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM'];
const EXIT_USAGE = 2;

main();

function main() {
  const root = path.resolve(path.dirname(realpathSync(__filename)), '..', '..');
  const program = programOf(root);
  if (!existsSync(program)) return refuse(missingProgram(program));
  if (majorOf(process.versions.node) >= NEEDED_MAJOR) return goOn(program);
  const node = pinnedNode(root);
  if (!node) return refuse(oldNode());
  handOver(node, [__filename].concat(process.argv.slice(2)));
}

/** Half of the start is compiling: Node keeps that for the next time. */
function goOn(program) {
  enableCompileCache();
  import(pathToFileURL(program).href);
}

/** TypeScript in a checkout; built JavaScript below node_modules, where Node refuses to strip types. */
function programOf(root) {
  const isInstalled = root.split(path.sep).includes('node_modules');
  return isInstalled ? path.join(root, 'dist', 'programs', 'cli.js') : path.join(root, 'cli', 'main.ts');
}

/** The binary of the nearest `node` package, upward from `folder`, that is new enough. */
function pinnedNode(folder) {
  const home = path.join(folder, 'node_modules', 'node');
  const binary = path.join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary) && majorOf(versionIn(home)) >= NEEDED_MAJOR) return binary;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : pinnedNode(parent);
}

function versionIn(home) {
  return JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')).version;
}

function majorOf(version) {
  return Number(version.split('.')[0]);
}

/** Starts this file with another Node on the same terminal; ends the way it ended. */
function handOver(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => mustPass(signal) && child.kill(signal));
  child.on('error', (error) => refuse(`vicinity: ${node} cannot be run: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Twice the same Ctrl-C would mean something else to the program. */
function mustPass(signal) {
  return signal === 'SIGTERM' || !process.stdin.isTTY;
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = EXIT_USAGE;
}

function oldNode() {
  return [
    `vicinity needs Node ${NEEDED_MAJOR} or newer; this is Node ${process.versions.node} (${process.execPath}).`,
    'It runs its TypeScript sources directly, which older versions cannot do. Any one of these helps:',
    `  npx --package node@${NEEDED_MAJOR} node ${__filename} …    for one call`,
    `  npm install --save-dev node@${NEEDED_MAJOR}    beside vicinity: it is then found and used`,
    `  nvm install ${NEEDED_MAJOR}    or https://nodejs.org/en/download, for the whole machine`,
  ].join('\n');
}

function missingProgram(program) {
  return [
    `vicinity: ${program} is missing: the package is incomplete, or was not built.`,
    'Install it again, or run npm run build in its checkout.',
  ].join('\n');
}
