import { iamOperations } from './iam-operations.ts';
import type { Operation } from './operation.ts';
import { subscriptionOperations } from './subscription-operations.ts';
import { topicOperations } from './topic-operations.ts';

/** Everything that both wires serve; streaming pull is gRPC's alone. */
export const operations: Operation[] = [...topicOperations, ...subscriptionOperations, ...iamOperations];
