/** Who asks, as far as the shell around the app can tell. */
export interface Caller {
  /** May use the API of every account. */
  readonly isOperator: boolean;
}

/** What an app is told with each request. */
export interface AppEnvironment {
  Bindings: { readonly caller?: Caller };
}
