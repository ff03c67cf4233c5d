import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TREE = new URL('.', import.meta.url);
/** Compute Engine takes 256 KB in a metadata value; the rest is for growth that somebody should notice. */
const MAX_BYTES = 200_000;
const HEREDOC_END = 'VICINITY_TOOL_ENDS_HERE';
const BUNDLE_BLOCK = /^# bundle:begin.*?^# bundle:end$/ms;

/**
 * The startup script as one self-contained file: what the instance's `startup-script` metadata value holds.
 * The files of lib/ take the place of the loop that sources them; those of tools/ are written out at boot.
 */
export function bundleStartupScript(): string {
  const parts = [...textFiles('lib', '.sh').map(library), toolInstaller(textFiles('tools', '.py'))];
  const script = read('startup.sh').replace(BUNDLE_BLOCK, () => parts.join('\n'));
  const bytes = Buffer.byteLength(script);
  if (bytes > MAX_BYTES) {
    throw new Error(
      `The startup script has ${bytes} bytes, and a metadata value should hold at most ${MAX_BYTES}.`,
    );
  }
  return script;
}

interface TextFile {
  name: string;
  text: string;
}

function library({ name, text }: TextFile): string {
  return text.replace('# shellcheck shell=bash', `# --- lib/${name}`);
}

/** The bash function that writes the Python programs into a directory. */
function toolInstaller(tools: TextFile[]): string {
  return `# --- tools/\ninstall_tools() {\n${tools.map(heredoc).join('\n')}\n}`;
}

function heredoc({ name, text }: TextFile): string {
  if (text.includes(HEREDOC_END))
    throw new Error(`tools/${name} holds the line that ends its copy: ${HEREDOC_END}`);
  return `  cat >"$1/${name}" <<'${HEREDOC_END}'\n${text}${HEREDOC_END}`;
}

function textFiles(folder: string, suffix: string): TextFile[] {
  const names = readdirSync(new URL(folder, TREE)).filter((name) => name.endsWith(suffix));
  return names.sort().map((name) => ({ name, text: read(`${folder}/${name}`) }));
}

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, TREE)), 'utf8');
}
