/** Loaded when first needed: it takes a tenth of a short command's time, and most reads hash nothing. */
const crypto = () => process.getBuiltinModule('node:crypto');

/** SHA-256 of a text, 32 bytes. */
export function sha256(text: string): Buffer {
  return crypto().createHash('sha256').update(text).digest();
}

/** Bytes that nobody can guess. */
export function randomBytes(count: number): Buffer {
  return crypto().randomBytes(count);
}
