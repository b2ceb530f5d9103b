import { textOf, type Parameters } from './bracket-parameters';
import { badPagination } from './refusal';

export const LIMITS = [20, 50, 100] as const;

export interface Page {
  readonly limit: number;
  /** From 1. */
  readonly page: number;
}

function positive(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : Number.NaN;
}

export function pageOf(fields: Parameters): Page {
  const limit = positive(textOf(fields['limit']), LIMITS[0]);
  const page = positive(textOf(fields['page']), 1);
  if (!LIMITS.some((allowed) => allowed === limit)) {
    throw badPagination({ limit: `This value should be one of: ${LIMITS.join(', ')}.` });
  }
  if (Number.isNaN(page)) throw badPagination({ page: 'This value is not valid.' });
  return { limit, page };
}

/** A walk by sinceId moves the mark, never the page: both together have been refused since 2023. */
export function pageBesideSinceId(fields: Parameters, sinceId: unknown): Page {
  if (sinceId !== undefined && fields['page'] !== undefined) {
    throw badPagination({ page: 'Parameter `page` cannot be used together with `filter[sinceId]`.' });
  }
  return pageOf(fields);
}

export interface Paginated<T> {
  readonly rows: readonly T[];
  readonly pagination: Readonly<Record<'limit' | 'totalCount' | 'currentPage' | 'totalPageCount', number>>;
}

export function paginate<T>(rows: readonly T[], { limit, page }: Page): Paginated<T> {
  return {
    rows: rows.slice((page - 1) * limit, page * limit),
    pagination: {
      limit,
      totalCount: rows.length,
      currentPage: page,
      totalPageCount: Math.ceil(rows.length / limit),
    },
  };
}
