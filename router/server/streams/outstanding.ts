import type { IncrementalPart, IncrementalPayload, PendingPart } from '../../engine/index.ts';

type Errors = IncrementalPart['errors'];

/** The parts of an answer with `@defer` that its client has been told to wait for. */
export class Outstanding {
  readonly #parts = new Map<string, PendingPart>();
  /** True once the first payload is there. */
  hasBegun = false;

  note({ incremental = [], pending = [] }: IncrementalPayload): void {
    this.hasBegun = true;
    for (const { id } of incremental) this.#parts.delete(id);
    for (const part of pending) this.#parts.set(part.id, part);
  }

  /** The payload that ends the answer: each part that has not come failed. Before the first payload the whole operation did. */
  failed(errors: Errors): IncrementalPayload {
    if (!this.hasBegun || !errors) return { ...(errors && { errors }), hasNext: false };
    const incremental = [...this.#parts.values()].map((part) => ({ ...part, data: null, added: [], errors }));
    return { incremental, hasNext: false };
  }
}

/** The payloads until `late` rejects. */
export async function* untilLate<Payload>(
  payloads: AsyncIterator<Payload>,
  late: Promise<never>,
): AsyncGenerator<Payload, void> {
  for (;;) {
    const result = await Promise.race([payloads.next(), late]);
    if (result.done) return;
    yield result.value;
  }
}
