export type CaretakerTask = 'watch' | 'reconcile';
export type CaretakerHandler = (input: unknown) => Promise<void>;

/** The caretaker's tasks by the name in the input of the schedule that calls it. */
export function createCaretakerHandler(
  tasks: Readonly<Record<CaretakerTask, () => Promise<void>>>,
): CaretakerHandler {
  return async (input) => {
    const task = taskOf(input);
    if (!task) throw new Error('The caretaker is called with {"task": "watch"} or {"task": "reconcile"}.');
    await tasks[task]();
  };
}

function taskOf(input: unknown): CaretakerTask | undefined {
  const named = typeof input === 'object' && input !== null && 'task' in input ? input.task : undefined;
  return (['watch', 'reconcile'] as const).find((task) => task === named);
}
