"use strict";
// The report works without this script: the handle then rests in the middle
// and both pictures show. The script adds dragging, blinking and languages.
(() => {
  const root = document.documentElement;

  const setLanguage = (lang) => {
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = root.dataset[lang === "zh" ? "titleZh" : "titleEn"];
    for (const b of document.querySelectorAll("[data-set-lang]")) {
      b.setAttribute("aria-pressed", String(b.dataset.setLang === lang));
    }
  };
  for (const b of document.querySelectorAll("[data-set-lang]")) {
    b.addEventListener("click", () => setLanguage(b.dataset.setLang));
  }

  const viewers = [];
  for (const viewer of document.querySelectorAll(".viewer[data-compare]")) {
    const stage = viewer.querySelector(".stage");
    const range = viewer.querySelector("input[type=range]");
    const moveTo = (percent) => {
      range.value = String(percent);
      stage.style.setProperty("--at", percent + "%");
    };
    range.addEventListener("input", () => { settle(); moveTo(Number(range.value)); });

    const follow = (event) => {
      const box = stage.getBoundingClientRect();
      moveTo(Math.min(100, Math.max(0, (100 * (event.clientX - box.left)) / box.width)));
    };
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      settle();
      stage.setPointerCapture(event.pointerId);
      follow(event);
    });
    stage.addEventListener("pointermove", (event) => {
      if (stage.hasPointerCapture(event.pointerId)) follow(event);
    });

    // Blinking swaps the two pictures in place, well below three times a
    // second, which is where flashing starts to harm.
    let timer = 0;
    const blink = viewer.querySelector("[data-do=blink]");
    const difference = viewer.querySelector("[data-do=difference]");
    const show = (what) => {
      for (const w of ["reference", "claim", "difference"]) viewer.classList.toggle("shows-" + w, w === what);
    };
    const settle = () => {
      clearInterval(timer);
      timer = 0;
      blink.setAttribute("aria-pressed", "false");
      difference.setAttribute("aria-pressed", "false");
      show("");
    };
    blink.addEventListener("click", () => {
      const start = !timer;
      settle();
      if (!start) return;
      blink.setAttribute("aria-pressed", "true");
      let reference = true;
      show("reference");
      timer = setInterval(() => { reference = !reference; show(reference ? "reference" : "claim"); }, 650);
    });
    difference.addEventListener("click", () => {
      const start = difference.getAttribute("aria-pressed") !== "true";
      settle();
      if (!start) return;
      difference.setAttribute("aria-pressed", "true");
      show("difference");
    });
    const outlines = viewer.querySelector("[data-do=outlines]");
    outlines.addEventListener("click", () => {
      const hidden = viewer.classList.toggle("no-outlines");
      outlines.setAttribute("aria-pressed", String(!hidden));
    });
    for (const pick of viewer.querySelectorAll("[data-pick]")) {
      pick.addEventListener("click", () => {
        for (const p of viewer.querySelectorAll("[data-pick]")) p.setAttribute("aria-pressed", String(p === pick));
        for (const part of viewer.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== pick.dataset.pick;
      });
    }
    viewers.push({ viewer, show, settle });
  }

  // Holding B shows the reference, letting go the claim, in the viewer that is
  // most in sight.
  const inSight = () => {
    const middle = innerHeight / 2;
    const away = ({ viewer }) => {
      const box = viewer.getBoundingClientRect();
      return Math.abs((box.top + box.bottom) / 2 - middle);
    };
    return viewers.toSorted((a, b) => away(a) - away(b))[0];
  };
  let held = null;
  const isHold = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "b" || event.key === "B") return true;
    return event.key === " " && !event.target.closest("button, summary, a, input");
  };
  addEventListener("keydown", (event) => {
    if (!isHold(event)) return;
    const target = held ?? inSight();
    if (!target) return;
    event.preventDefault();
    if (held) return;
    held = target;
    held.settle();
    held.show("reference");
  });
  const release = () => { held?.show(""); held = null; };
  addEventListener("keyup", (event) => { if (held && (event.key === " " || event.key.toLowerCase() === "b")) release(); });
  addEventListener("blur", release);
})();
