// Gradio takes the browser's language for its own words and for `lang`; it is told that of the page before it starts.
{
  const { lang } = document.documentElement;
  for (const [name, value] of Object.entries({ language: lang, languages: [lang] }))
    Object.defineProperty(navigator, name, { get: () => value });
}
