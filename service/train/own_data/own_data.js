// What the events of the tab Your data do in the browser: two send what a form holds, one goes along to what is new.
({
  roles: (draft, quick, _sent) => {
    const columns = [...document.querySelectorAll("#own-roles [data-column]")].map((column) => {
      const entry = { header: column.dataset.column };
      for (const control of column.querySelectorAll("[data-field]")) {
        const text = control.value.trim();
        const list = text === "" ? [] : text.split(",").map((each) => each.trim()).filter(Boolean);
        entry[control.dataset.field] = control.dataset.field === "order" ? list : text;
      }
      return entry;
    });
    return [draft, quick, JSON.stringify(columns)];
  },
  names: (job, _sent) => {
    const names = {};
    for (const row of document.querySelectorAll("#own-names [data-segment]")) {
      const name = row.querySelector("[data-field=name]").value.trim();
      const tier = row.querySelector("[data-field=tier]")?.value ?? "";
      const entry = {};
      if (name && name !== row.dataset.segment) entry.name = name;
      if (tier && tier !== row.dataset.tier) entry.tier = tier;
      if (Object.keys(entry).length) names[row.dataset.segment] = entry;
    }
    return [job, JSON.stringify(names)];
  },
  // Goes along to what is new, once: the progress when a training begins, the segments when they are found.
  follow: () => {
    const heading = document.getElementById("own-found");
    const shown = heading?.offsetParent ? heading : document.querySelector("#own-running .own-bar");
    const key = shown === heading ? heading?.dataset.result : "running";
    if (!shown?.offsetParent || window.ownDataShown === key) return [];
    window.ownDataShown = key;
    if (shown === heading) heading.focus({ preventScroll: true });
    const gentle = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    shown.closest(".card").scrollIntoView({ behavior: gentle, block: "start" });
    return [];
  },
})
