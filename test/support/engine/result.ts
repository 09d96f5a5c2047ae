import type { EngineEvent, OpType, PolicyEvent } from "@pulumi/pulumi/automation";

export interface EngineResource {
  readonly urn: string;
  readonly type: string;
  /** The last part of the URN: the name that the program gave. */
  readonly name: string;
  readonly op: OpType;
  /** The inputs that the provider gets: after its check, and after every remediation. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface EngineResult {
  /** The engine's own exit code was 0. */
  readonly ok: boolean;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly EngineEvent[];
  /** Every resource of the stack, the stack itself included, as the engine saw it in this operation. */
  readonly resources: readonly EngineResource[];
  readonly policyEvents: readonly PolicyEvent[];
  readonly durationMs: number;
}

/** Each resource once, in the order in which the engine took it up. */
export function resourcesFrom(events: readonly EngineEvent[]): EngineResource[] {
  const byUrn = new Map<string, EngineResource>();
  for (const { resourcePreEvent } of events) {
    const step = resourcePreEvent?.metadata;
    // Null when the step deletes, whatever the declaration says.
    const state = step?.new ?? undefined;
    if (step === undefined || state === undefined) continue;
    const { urn, type, op } = step;
    byUrn.set(urn, { urn, type, name: urn.split("::").at(-1) ?? "", op, inputs: state.inputs });
  }
  return [...byUrn.values()];
}

export function policyEventsFrom(events: readonly EngineEvent[]): PolicyEvent[] {
  return events.flatMap(({ policyEvent }) => (policyEvent === undefined ? [] : [policyEvent]));
}

/**
 * The Automation API keeps its result's exit code to itself and calls every failure -2; the message of the error that
 * it wraps tells the real one.
 */
export function exitCodeFrom(message: string): number | undefined {
  const digits = /Command failed with exit code (\d+)/.exec(message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
