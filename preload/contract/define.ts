// How the contract is written down: methods and events as schemas, from which the client's and the handlers' types are inferred.
import type { z } from 'zod';

export interface MethodDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly input: Input;
  readonly output: Output;
  /** Offered only to an edge on the person's own terminal: it takes or gives paths, which a window never sends. */
  readonly local: boolean;
}

export function method<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): MethodDefinition<Input, Output> {
  return { input, output, local: false };
}

/** A method for the command line alone. See `MethodDefinition.local`. */
export function localMethod<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): MethodDefinition<Input, Output> {
  return { input, output, local: true };
}

type Domain = Readonly<Record<string, MethodDefinition>>;
export type Contract = Readonly<Record<string, Domain>>;

export interface CallContext {
  readonly signal: AbortSignal;
  /** The connection the call came by, for what holds per interface: a newer search ends its older one. Left out by callers inside the application. */
  readonly peer?: string;
}

/** The calling side: `client.search.find(input, { signal })`. Inputs may leave out what has a default. */
export type Client<C extends Contract> = {
  readonly [D in keyof C]: {
    readonly [M in keyof C[D]]: (
      input: z.input<C[D][M]['input']>,
      options?: { readonly signal?: AbortSignal },
    ) => Promise<z.output<C[D][M]['output']>>;
  };
};

/** The serving side: one handler for each method, none missing and none more. */
export type Handlers<C extends Contract> = {
  readonly [D in keyof C]: {
    readonly [M in keyof C[D]]: (
      input: z.output<C[D][M]['input']>,
      context: CallContext,
    ) => Promise<z.input<C[D][M]['output']>>;
  };
};
