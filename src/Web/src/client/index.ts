export type { FeedFilter } from './feed.js';
export { follow, type FeedTransportName, type Follow, type FollowOptions } from './follow.js';
export { newOperationId } from './operationId.js';
export { problemOf, ProblemError, type Problem } from './problem.js';
export { isFinal, type OperationState, type Status } from './status.js';
export { submit, type SubmitOptions } from './submit.js';
export { TransportFailure, type TransportName } from './transport.js';
export { watch, type Watch, type WatchOptions } from './watch.js';
