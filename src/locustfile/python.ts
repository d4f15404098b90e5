/** A JSON text is a Python literal, but for these three words. */
const words = new Map<unknown, string>([
  [null, 'None'],
  [undefined, 'None'],
  [true, 'True'],
  [false, 'False'],
]);

/** A plain value as Python writes it. */
export function pythonLiteral(value: unknown): string {
  const word = words.get(value);
  if (word !== undefined) return word;
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item)}`)
    .join(', ')}}`;
}

const keywords = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);

/** Whether Python takes this as a name in its source, and takes it as it is: it normalizes names. */
export function isPythonName(name: string): boolean {
  return /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(name) && name.normalize('NFKC') === name && !keywords.has(name);
}
