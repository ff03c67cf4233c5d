/** Of Pub/Sub; docs/reference/messages.md says what is published there. */
export const TOPICS = {
  run: 'vicinity-run',
  finished: 'vicinity-run-finished',
  sweep: 'vicinity-sweep',
  deadLetter: 'vicinity-dead-letter',
} as const;

export function topicName(project: string, topic: string): string {
  return `projects/${project}/topics/${topic}`;
}
