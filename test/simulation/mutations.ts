/**
 * Safeguards that the simulation can take away, to prove that it would notice. They exist here alone: each is a lie that a port or
 * the simulated VM tells, so that no switch is needed in the code that ships.
 */
export const MUTATIONS = {
  claim: 'The VM works although another boot holds the claim.',
  revoke: 'The VM works although the control plane has revoked the attempt.',
  'slot-cas': 'The slot is overwritten although somebody else has changed it.',
  'slot-owner': 'The slot is overwritten although another run holds it by now.',
  'vm-off': 'A VM that is on is taken for off.',
  'outcome-before-publish': 'The VM publishes its completion before it writes the outcome.',
  'start-request-id': 'Compute Engine starts the VM again for a request id that it has seen.',
  'start-seq': 'A deliberate restart uses the request id of the start before.',
  'stop-request-id': 'Compute Engine stops the VM again for a request id that it has seen.',
  'metadata-version': 'Metadata is set although somebody else has changed it.',
  'create-once-final': 'final.json is written although it exists.',
  notifying: 'Who tells people does not see that somebody may have told them before.',
} as const;

export type Mutation = keyof typeof MUTATIONS;
