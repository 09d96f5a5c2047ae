/** What an audit says of a class of images, for people who see the tool for the first time. */
interface ClassText {
  /** The word in front of the image. */
  readonly label: string;
  /** Whether somebody has to do something. */
  readonly finding: boolean;
  /** Half a sentence: what it means. */
  readonly means: string;
  /** Half a sentence: what to do next. */
  readonly next: string;
}

/** Every class, the gravest first. */
export const auditClasses = {
  "rolled-back": {
    label: "rolled back",
    finding: true,
    means: "the stack runs a digest that was rolled back",
    next: "let the stack take the digest of the lock: pulumi preview, then pulumi up",
  },
  missing: {
    label: "missing",
    finding: true,
    means: "the registry does not have the digest any more: no new node can pull it",
    next: "take what the tag has now, go back to an earlier digest, or push the image again",
  },
  incomplete: {
    label: "incomplete",
    finding: true,
    means: "the image lacks a platform that the lock lists",
    next: "take what the tag has now, or correct the lock",
  },
  malformed: {
    label: "malformed",
    finding: true,
    means: "what stands there is no image reference, though it may look pinned",
    next: "correct it in the program; a digest is best copied from: pinned-images digest <image>",
  },
  unpinned: {
    label: "unpinned",
    finding: true,
    means: "a tag without a digest: what runs can change without a review",
    next: "lock the image, and let the program take the digest (pinnedImage, the drop-in components)",
  },
  differs: {
    label: "differs",
    finding: true,
    means: "the stack runs another digest than the lock holds",
    next: "see what would change, and let the stack take it: pulumi preview, then pulumi up",
  },
  "not-in-lock": {
    label: "not in lock",
    finding: true,
    means: "pinned, but no reviewed commit says where the digest comes from",
    next: "add it to the lock",
  },
  unreadable: {
    label: "unreadable",
    finding: true,
    means: "could not be read, so nobody knows what runs there",
    next: "look at it by hand; the name of an image need not be a secret",
  },
  "tag-moved": {
    label: "tag moved",
    finding: true,
    means: "the tag points to another image than when it was locked",
    next: "look at what has changed, and take it if it is wanted",
  },
  stale: {
    label: "stale",
    finding: true,
    means: "locked long ago: fixes published since then are not deployed",
    next: "take what the tag has now; where it has not moved, choose a newer tag",
  },
  excepted: {
    label: "excepted",
    finding: false,
    means: "something is to be said against it, and an exception covers that until its day",
    next: "nothing until then; the owner who is named answers for it",
  },
  "not-asked": {
    label: "not asked",
    finding: false,
    means: "the registry could not be asked; standard error says why",
    next: "mend the cause, and run the audit again",
  },
  held: {
    label: "held",
    finding: false,
    means: "an earlier digest was rolled back, and is kept away until it is released",
    next: "leave it, or release it when it is good after all",
  },
  perhaps: {
    label: "perhaps",
    finding: false,
    means: "a text that only looks like an image, which somebody may start later",
    next: "look at it by hand, and pin it there if it is one",
  },
  local: {
    label: "local",
    finding: false,
    means: "an image of the container engine itself, in no registry",
    next: "nothing, as long as that is meant",
  },
  ok: {
    label: "ok",
    finding: false,
    means: "a digest that somebody chose, and nothing against it",
    next: "nothing",
  },
} as const satisfies Record<string, ClassText>;

export type AuditClass = keyof typeof auditClasses;

/** One image at one place. */
export interface AuditLine {
  /** Never empty: `ok` when there is nothing to say. */
  readonly classes: readonly AuditClass[];
  /** The image, and what there is to say of it. */
  readonly text: string;
  /** More lines, where they were asked for. */
  readonly history?: readonly string[];
  /** The command that is next, for a class that has one. */
  readonly next?: Partial<Record<AuditClass, string>>;
  /** The same for tools. */
  readonly json: object;
}

/** The images of one source: of a lock, of a stack. */
export interface AuditSection {
  readonly title: string;
  readonly lines: readonly AuditLine[];
  /** What tools are told of the source. */
  readonly json: object;
}

/** All classes, the gravest first. */
export function classNames(): readonly AuditClass[] {
  return Object.keys(auditClasses).filter((name): name is AuditClass => name in auditClasses);
}
