/** A configuration of mirrors that cannot be read or followed. The message says what is wrong. */
export class MirrorConfigError extends Error {}
