/** Two languages without a library: each feature keeps its own dictionary beside its components. */
import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

export type Lang = 'en' | 'id';
export type Values = Record<string, string | number>;
export interface Texts<K extends string> {
  en: Record<K, string>;
  id: Record<K, string>;
}
export type Translate<K extends string> = (key: K, values?: Values) => string;

const KEY = 'lontar.lang';
let spoken: Lang = 'en';
const LangContext = createContext<{ lang: Lang; setLang: (lang: Lang) => void }>({
  lang: 'en',
  setLang: () => undefined,
});

/** The compiler refuses a dictionary whose Indonesian half lacks a key; a test says so too. */
export function texts<K extends string>(
  en: Record<K, string>,
  id: Record<NoInfer<K>, string>,
): Texts<K> {
  return { en, id };
}

/** `{name}` is replaced; "one|many" picks its half by `n`. */
export function fill(text: string, values: Values = {}): string {
  const [one, many] = text.split('|');
  const chosen = (many !== undefined && values.n !== 1 ? many : one) ?? text;
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function LangProvider({ children }: { children: ReactNode }) {
  const [lang, setState] = useState<Lang>(startLang);
  useEffect(() => {
    document.documentElement.lang = lang;
  }, [lang]);
  const setLang = useCallback((next: Lang) => {
    spoken = next;
    localStorage.setItem(KEY, next);
    setState(next);
  }, []);
  const value = useMemo(() => ({ lang, setLang }), [lang, setLang]);
  return <LangContext value={value}>{children}</LangContext>;
}

function startLang(): Lang {
  const kept = localStorage.getItem(KEY);
  spoken = kept === 'en' || kept === 'id' ? kept : navigator.language.startsWith('id') ? 'id' : 'en';
  return spoken;
}

/** For what is put into words outside of a component. */
export function spokenLang(): Lang {
  return spoken;
}

export function useLang() {
  return use(LangContext);
}

export function useTexts<K extends string>(dictionary: Texts<K>): Translate<K> {
  const { lang } = use(LangContext);
  return useCallback((key, values) => fill(dictionary[lang][key], values), [dictionary, lang]);
}
