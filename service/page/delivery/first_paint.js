// Runs before Gradio's page is drawn. It is shown once it is whole, by the first screen or, in a browser without that,
// from here; the panel of a wide page stands open until Gradio, which opens it by script, has done so (first_paint.css);
// and `lang` stays that of the texts. Gradio's panel of the API shows descriptions as text, so those that name the page of the API get a link to it.
(() => {
  const page = document.documentElement, { lang } = page;
  const marks = { arrived: ".hero, .tabitem .card, body:not(:has(#first-screen))", "panel-follows": ".sidebar.open" };
  const seen = (selectors) => selectors.split(", ").every((selector) => document.querySelector(selector));
  const mark = (name) => requestAnimationFrame(() => requestAnimationFrame(() => page.classList.add(name)));
  const linkToDocs = (description) => {
    const link = Object.assign(document.createElement("a"), { href: "v1/docs", textContent: "Try it there" });
    description.append(link);
  };
  const follow = () => {
    for (const description of document.querySelectorAll(".api-docs .desc:not(:has(a))"))
      if (description.textContent.includes("/v1/docs")) linkToDocs(description);
    for (const picture of document.querySelectorAll('footer img:not([alt=""])')) picture.alt = ""; // words are beside it
    if (page.lang !== lang) page.lang = lang;
    for (const [name, selectors] of Object.entries(marks))
      if (!page.classList.contains(name) && seen(selectors)) mark(name);
  };
  const watched = { attributes: true, attributeFilter: ["lang", "class"], childList: true, subtree: true };
  new MutationObserver(follow).observe(page, watched);
  setTimeout(() => document.getElementById("first-screen") || page.classList.add("arrived"), 20000); // should one never come
})();
