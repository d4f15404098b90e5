import {
  type ServerDuplexStream,
  type ServerErrorResponse,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { type Model, problemOf, wordsOf } from './model.ts';

interface Text {
  readonly text: string;
}
interface Category {
  readonly category: number;
}
interface Word extends Category {
  readonly word: string;
}
interface Sum {
  readonly texts: number;
  readonly counts: Readonly<Record<number, number>>;
}

/** The four calls of `protos/text.proto`; `onCall` is told of each that begins. */
export function classifierCalls(model: Model, onCall: () => void = () => {}): UntypedServiceImplementation {
  return {
    predict(call: ServerUnaryCall<Text, Category>, answer: sendUnaryData<Category>): void {
      onCall();
      const { text } = call.request;
      const problem = problemOf(text);
      if (problem === undefined) answer(null, { category: model.predict(text) });
      else answer(refusal(problem));
    },

    predictAll(call: ServerReadableStream<Text, Sum>, answer: sendUnaryData<Sum>): void {
      onCall();
      const counts: Record<number, number> = {};
      let texts = 0;
      let problem: string | undefined;
      call.on('data', ({ text }: Text) => {
        if (problem !== undefined) return;
        problem = problemOf(text);
        if (problem !== undefined) return answer(refusal(problem));
        const category = model.predict(text);
        texts++;
        counts[category] = (counts[category] ?? 0) + 1;
      });
      call.on('end', () => {
        if (problem === undefined) answer(null, { texts, counts });
      });
    },

    predictWords(call: ServerWritableStream<Text, Word>): void {
      onCall();
      const { text } = call.request;
      const problem = problemOf(text);
      if (problem !== undefined) {
        call.emit('error', refusal(problem));
        return;
      }
      // Not more than the text is long: they may wait in memory.
      for (const word of wordsOf(text)) call.write({ word, category: model.predict(word) });
      call.end();
    },

    predictEach(call: ServerDuplexStream<Text, Category>): void {
      onCall();
      let problem: string | undefined;
      call.on('data', ({ text }: Text) => {
        if (problem !== undefined) return;
        problem = problemOf(text);
        if (problem === undefined) call.write({ category: model.predict(text) });
        else call.emit('error', refusal(problem));
      });
      call.on('end', () => {
        if (problem === undefined) call.end();
      });
    },
  };
}

const refusal = (details: string): ServerErrorResponse & { readonly details: string } => ({
  name: 'Error',
  message: details,
  code: status.INVALID_ARGUMENT,
  details,
});
