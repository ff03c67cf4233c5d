/** What every function process needs from this computer. `home` keeps it away from the user's own credentials. */
export function hostEnvironment(home: string, path: string): Record<string, string> {
  return { PATH: path, HOME: home, CLOUDSDK_CONFIG: `${home}/gcloud` };
}
