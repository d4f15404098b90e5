/** How often a task is picked, relative to the others of its table; a number alone is a weight. */
export type Weight = number | { readonly weight?: number; readonly tags?: readonly string[] };

/** A table of any class; `Tasks<X>` checks the names. */
export type TaskTable = Readonly<Record<string, Weight>> | readonly string[];
