/** Exporters join the names of all operators that were fused to one: the first is enough to recognize it. */
export function shortName(name: string): string {
  return name.split(';', 1)[0] ?? name
}
