import type { RegistryClientOptions, RegistryErrorCode } from "../../registry";
import type { Fault, RegistryAuth } from "../support/registry";
import type { Question } from "./fault-matrix-question";
import { marker, user, type Site, type Wire } from "./fault-matrix-site";

/** One case: what is wrong, and what has to come of it. */
export interface Row {
  readonly name: string;
  /** The right digest, or the code of the error. */
  readonly ends: "digest" | RegistryErrorCode;
  /** Milliseconds within which it has to end. */
  readonly bound: number;
  /** What the message has to say. */
  readonly says?: RegExp;
  /** How many requests the registry may see at most. */
  readonly requests?: number;
  /** Default: a token for whoever shows the planted secret. */
  readonly auth?: RegistryAuth;
  readonly faults?: readonly Fault[];
  /** Faults that need to know where the other server is. */
  readonly more?: (site: Site) => readonly Fault[];
  /** How references name the registry. Default: localhost. */
  readonly host?: "localhost" | "registry.example" | "secure.example";
  readonly wire?: Wire;
  /** Default: the planted secret for the registry, in the options. */
  readonly options?: (site: Site) => RegistryClientOptions;
  readonly prepare?: (site: Site) => Promise<void>;
  /** What is asked. Default: the image's digest. */
  readonly question?: Question;
  /** What is asked for. Default: the question's own, which for an image is `api:1`. */
  readonly reference?: (site: Site) => string;
  /** Questions before the one that counts. */
  readonly before?: { readonly tag: string; readonly then: (site: Site) => void };
}

/** Milliseconds: for what needs no waiting at all, on a machine that has other things to do. */
export const soon = 1500;
/** What the client is given where a case is about waiting, and when it then has to have ended. */
export const patience = 400;
export const patienceBound = patience + soon;

/** What stands in the options unless a case says otherwise. */
export function planted(site: Site): RegistryClientOptions {
  return { credentials: { [site.host]: { username: user, password: marker } } };
}

export function impatient(site: Site): RegistryClientOptions {
  return { ...planted(site), timeout: patience };
}

/** A token service that wants the planted secret, with something changed about it. */
export function tokenAuth(change: Partial<Extract<RegistryAuth, { kind: "token" }>> = {}): RegistryAuth {
  return { kind: "token", username: user, password: marker, ...change };
}

export const basicAuth: RegistryAuth = { kind: "basic", username: user, password: marker };

/** Leads to GET, whose body then is what the case is about. */
export const noHead: Fault = { kind: "answer", status: 405, method: "HEAD" };
