export type Language = 'ru' | 'en';

/** The reader's language by `Accept-Language`; Russian unless English is preferred to it. */
export function languageOf(header: string | null): Language {
  const weights = { ru: -1, en: -1 };
  for (const part of (header ?? '').split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters
      .map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1])
      .find((q) => q !== undefined);
    const language = tag.split('-')[0];
    if (language === 'ru' || language === 'en')
      weights[language] = Math.max(weights[language], Number(quality ?? 1));
  }
  return weights.en > weights.ru ? 'en' : 'ru';
}
