import { addAudit } from "./audit-command";
import { addCheck } from "./check-command";
import { addDigest } from "./digest-command";
import { addLock } from "./lock-command";
import { addPin } from "./pin-command";
import { addPromote } from "./promote-command";
import { addRefresh } from "./refresh-command";
import { addRollback } from "./rollback-command";
import type { AddVerb } from "./surroundings";
import { addVerify } from "./verify-command";

/** The verbs, in the order of the help. */
export const verbs: readonly AddVerb[] = [
  addCheck,
  addDigest,
  addPin,
  addRefresh,
  addRollback,
  addPromote,
  addVerify,
  addAudit,
  addLock,
];
