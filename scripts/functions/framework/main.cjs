#!/usr/bin/env node
// What starts the function, under the framework's name: its bundle has the framework's own program in it.
const { resolve } = require('node:path');
const { load } = require('./load.cjs');

load(require.resolve(resolve('index.cjs'))).listen();
