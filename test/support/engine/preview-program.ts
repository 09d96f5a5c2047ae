import type { TestStackOptions } from "./options";
import type { EngineResult } from "./result";
import { createTestStack } from "./test-stack";

/** One preview of one program on a stack of its own that is gone afterwards. */
export async function previewProgram(options: TestStackOptions): Promise<EngineResult> {
  const stack = await createTestStack(options);
  try {
    return await stack.preview();
  } finally {
    await stack.dispose();
  }
}
