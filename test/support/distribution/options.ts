/** One user, the same everywhere: htpasswd files hold bcrypt, which Node.js cannot make, so the hash is written down. */
export const testUser = {
  username: "tester",
  password: "not-a-secret",
  bcrypt: "$2y$04$abcdefghijklmnopqrstuukiPfWbK4Chx2wQkrCBcuNQWm8D.wM3i",
} as const;

/**
 * Who may do what: everybody; whoever shows `testUser` by Basic authentication; or whoever brings a token, which the
 * token server gives to everybody or (`credentials`) to `testUser` alone.
 */
export type RegistryAuth =
  | { readonly kind: "none" }
  | { readonly kind: "htpasswd" }
  | { readonly kind: "token"; readonly credentials: "required" | "not required" };

export interface DistributionOptions {
  readonly auth?: RegistryAuth;
  /** https with a certificate for localhost and 127.0.0.1 that is made for this registry. Needs openssl. */
  readonly tls?: boolean;
}
