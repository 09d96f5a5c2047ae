import { addAudit } from "./audit-command";
import { addLock } from "./lock-command";
import { addPin } from "./pin-command";
import { addPromote } from "./promote-command";
import { addRefresh } from "./refresh-command";
import { addRollback } from "./rollback-command";
import type { AddVerb } from "./surroundings";

/** The verbs that work on the lock, in the order of the help. */
export const verbs: readonly AddVerb[] = [addPin, addRefresh, addRollback, addPromote, addAudit, addLock];
