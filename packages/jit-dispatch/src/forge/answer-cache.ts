/** An answer of a forge, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Answers that came with an ETag, for as long as there is room. */
export interface AnswerCache {
  find(url: string): { readonly etag: string; readonly answer: Answer } | null;
  keep(url: string, answer: Answer): void;
}

const MOST_CHARACTERS = 32 * 1024 * 1024;

/** The least recently used are dropped first. */
export function createAnswerCache(most = MOST_CHARACTERS): AnswerCache {
  const kept = new Map<string, { etag: string; answer: Answer }>();
  let size = 0;
  const drop = (url: string): void => {
    size -= kept.get(url)?.answer.text.length ?? 0;
    kept.delete(url);
  };
  return {
    find(url) {
      const found = kept.get(url);
      if (found === undefined) return null;
      kept.delete(url);
      kept.set(url, found);
      return found;
    },
    keep(url, answer) {
      drop(url);
      const etag = answer.headers.get('etag');
      if (etag === null || answer.status !== 200) return;
      kept.set(url, { etag, answer });
      size += answer.text.length;
      for (const oldest of kept.keys()) {
        if (size <= most) break;
        drop(oldest);
      }
    },
  };
}
