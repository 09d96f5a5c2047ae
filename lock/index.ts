// images.lock.json: which digest each reference got, since when, why, and which ones it had before.
// Knows references and digests, never registries: what a registry said is handed in.
// A change is a pure function; reading, writing and keeping other processes out stand at the edge.
export { LockError, type LockErrorCode } from "./error";
export { lockKey, parseLockKey, type LockKey } from "./key";
export {
  mostSigners,
  type ChangeKind,
  type Held,
  type Lock,
  type LockedSignatures,
  type LockedSigner,
  type LockEntry,
  type PastEntry,
} from "./entry";
export { longestWords, problemOfWords } from "./fields";
export { isTimestamp, timestamp, type Timestamp } from "./timestamp";
export { emptyLock, parseLock, viewLock, type LockView } from "./parse";
export { formatLock } from "./format";
export {
  holdOn,
  pinEntry,
  previousDigest,
  promoteEntry,
  refreshEntry,
  releaseEntry,
  rollBackEntry,
  signedEntry,
  verifiedEntry,
  type Author,
  type Refreshed,
  type Seen,
} from "./change";
export { nameTwice } from "./syntax";
export { findLockFile, lockFileName } from "./find";
export { lockTextIfThere, newLock, readLockFile, readLockText, updateLockFile } from "./store";
