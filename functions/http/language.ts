export type Language = 'ru' | 'en';

/** The reader's language by `Accept-Language`; Russian unless English is preferred to it. */
export function languageOf(header: string | null): Language {
  // A language with the weight 0 is one the reader does not want: the same as one not named.
  const weights = { ru: 0, en: 0 };
  for (const part of (header ?? '').split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters
      .map((text) => /^\s*q=(\d(?:\.\d*)?)\s*$/.exec(text)?.[1])
      .find((q) => q !== undefined);
    const language = tag.trim().split('-')[0];
    if (language === 'ru' || language === 'en')
      weights[language] = Math.max(weights[language], Number(quality ?? 1));
  }
  return weights.en > weights.ru ? 'en' : 'ru';
}
