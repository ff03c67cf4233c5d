import { run } from './host.ts';

export const SUITE = 'bookworm';

/** How apt on this computer gets the packages of the image's Debian release. */
export interface AptSettings {
  /** Lines of sources.list(5); none where this computer has another system, so that mmdebstrap takes Debian's own. */
  sources: string[];
  /** Settings of apt.conf(5) that the image keeps. */
  checks: string[];
  /** Settings of apt.conf(5) with which the image is built only: the proxies of this computer. */
  proxies: string[];
}

/** Reads them from apt itself, which knows every file and format of its configuration. */
export async function readAptSettings(): Promise<AptSettings> {
  const [targets, configuration] = await Promise.all([
    run('apt-get', ['indextargets', '--format', '$(CREATED_BY) $(REPO_URI) $(RELEASE) $(COMPONENT)']),
    run('apt-config', ['dump', '--format', '%F "%v";%n']),
  ]);
  const settings = configuration.split('\n');
  return {
    sources: sourcesOf(targets),
    checks: settings.filter((line) => /^Acquire::Check-(Valid-Until|Date) /.test(line)),
    proxies: settings.filter((line) => /^Acquire::https?::Proxy(::\S+)? "[^"]/.test(line)),
  };
}

function sourcesOf(targets: string): string[] {
  const sources = targets.split('\n').flatMap((line) => {
    const [createdBy, uri, release = '', component] = line.split(' ');
    const isDebian = release === SUITE || release.startsWith(`${SUITE}-`);
    return createdBy === 'Packages' && isDebian && component === 'main' ? [`deb ${uri} ${release} main`] : [];
  });
  return [...new Set(sources)].sort();
}
