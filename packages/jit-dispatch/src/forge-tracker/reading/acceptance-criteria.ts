const HEADING =
  /^\s{0,3}(?:#{1,6}\s+|\*\*)?\s*(?:acceptance criteria|acceptance|definition of done)\s*:?\s*(?:\*\*)?\s*:?\s*#*$/i;
const OTHER_HEADING = /^\s{0,3}(?:#{1,6}\s|\*\*[^*]+\*\*\s*:?\s*$)/;
const ITEM = /^(\s*)(?:[-*+•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*)$/;
const FENCE = /^\s*(?:```|~~~)/;

/**
 * The list below a heading such as "Acceptance criteria" in the text of an issue, one criterion for each item;
 * lines that are indented below an item belong to it. Empty where there is no such list.
 */
export function readCriteria(body: string): readonly string[] {
  const lines = body.split(/\r?\n/);
  let isInCode = false;
  const start = lines.findIndex((line) => {
    if (FENCE.test(line)) isInCode = !isInCode;
    return !isInCode && HEADING.test(line);
  });
  if (start < 0) return [];
  const criteria: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (OTHER_HEADING.test(line)) break;
    if (line.trim() === '') continue;
    const [, indent = '', text = ''] = ITEM.exec(line) ?? [];
    const isItem = ITEM.test(line) && (indent.length < 2 || criteria.length === 0);
    if (isItem) criteria.push(text.trim());
    else if (criteria.length === 0) continue;
    else if (/^\s/.test(line)) criteria.push(`${criteria.pop()} ${line.trim()}`);
    // A paragraph ends the list.
    else break;
  }
  return criteria.filter((text) => text !== '');
}
