import { notFound } from '../http/api-error.ts';

/** The number of every local project. */
export const PROJECT_NUMBER = '123456789012';

/** What every metadata server tells of the project. */
export const projectFacts = (projectId: string) => ({
  projectId,
  numericProjectId: PROJECT_NUMBER,
  attributes: {},
});

/** Throws 404 for any project but the local one, which is named by its id or its number. */
export function checkProject(asked: string, project: string): void {
  if (asked !== project && asked !== PROJECT_NUMBER) throw notFound(`Project ${asked} does not exist.`);
}
