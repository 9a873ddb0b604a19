// The smallest thing that lets one module tell others that something happened.

export class Signal<T = void> {
  #listeners = new Set<(value: T) => void>();

  /** Calls the listener on every `emit`; returns what removes it. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
