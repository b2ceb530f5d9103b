/** Items of an account that are connections: their ids begin with this. */
export const CONNECTION_ID_PREFIX = 'c-';

/** Finds a connection's account. */
export const BY_CONNECTION = 'byConnection';
