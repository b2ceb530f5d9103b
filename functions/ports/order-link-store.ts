import type { OrderLink } from '../domain/order-link';

export interface OrderLinkStore {
  /** Those of any number of codes that exist. */
  findMany(connectionId: string, zzapOrderCodes: readonly string[]): Promise<Map<string, OrderLink>>;
  /** By the number shown in RetailCRM. */
  findByCrmNumber(connectionId: string, crmNumber: string): Promise<OrderLink[]>;
  /**
   * Writes `link` as the version after `link.version` (0: it must not exist yet) and returns it, or null when
   * somebody else was faster.
   */
  save(link: OrderLink): Promise<OrderLink | null>;
  /**
   * Saves links of different orders of one connection, each as `save` would, in as few requests as possible.
   * Answers in the same order.
   */
  saveMany(links: readonly OrderLink[]): Promise<(OrderLink | null)[]>;
  /** Orders that need attention, longest waiting first. */
  listAttention(
    connectionId: string,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<{ readonly links: OrderLink[]; readonly next: string | null }>;
  /** The status queue: cancellations first, then the longest waiting. Rejected ones are not in it. */
  listPushes(
    connectionId: string,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<{ readonly links: OrderLink[]; readonly next: string | null }>;
  /** All orders of a connection by code: upwards, or downwards, which is newest first. */
  list(
    connectionId: string,
    page: { readonly limit: number; readonly after?: string; readonly newestFirst?: boolean },
  ): Promise<{ readonly links: OrderLink[]; readonly next: string | null }>;
}
