((config) => {
  // Puts a question box into a blog. Nothing else is loaded before a reader touches it, nothing is stored, no name is
  // left behind. Elements are made one by one, and styles in a constructed sheet, so that a strict policy allows them.

  const make = (name, set, ...inner) => {
    const element = Object.assign(document.createElement(name), set);
    element.append(...inner);
    return element;
  };

  const light = (color) => color.reduce((sum, one, place) => sum + [0.2126, 0.7152, 0.0722][place] * (one / 255) ** 2.2, 0);

  // The blog's own ground says whether it is dark; where it has none, the reader's system does.
  const isDark = (script, place, system) => {
    if (/^(light|dark)$/.test(script.dataset.theme)) return script.dataset.theme === "dark";
    for (let one = place; one; one = one.parentElement) {
      const [red, green, blue, alpha = 1] = /^rgb.*/.exec(getComputedStyle(one).backgroundColor)?.[0].match(/[\d.]+/g) || [0, 0, 0, 0];
      if (alpha > 0.5) return light([red, green, blue]) < 0.18;
    }
    return system.matches;
  };

  const mount = (script) => {
    script.dataset.askedbefore = "here";
    const base = new URL(".", script.src);
    const options = script.dataset;
    const language = (options.lang || script.closest("[lang]")?.lang || config.language).toLowerCase();
    const words = config.words[language] || config.words[language.split("-")[0]] || config.words[config.language];
    const floating = options.position === "floating" || !document.body?.contains(script);
    const host = make("div", { className: "askedbefore", lang: words === config.words[config.language] ? config.language : language });
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(config.style);
    shadow.adoptedStyleSheets = [sheet];
    const link = (text) => make("a", { href: base.href, target: "_blank", rel: "noopener noreferrer" }, text);
    const box = make("section", { className: "box", ariaLabel: words.title });
    shadow.append(box);

    if (location.origin !== base.origin && !config.allowed.includes(location.origin)) {
      // The browser would refuse the frame: a link is there for readers, and a word for the author.
      console.warn(`askedbefore: ${location.origin} may not show the page of ${base.origin}. Add it to embed_origins in blog.toml, and rebuild.`);
      box.append(make("p", {}, link(words.open)));
      script.after(host);
      return;
    }

    const field = make("textarea", { id: "q", rows: 2, autocomplete: "off", placeholder: options.placeholder || words.placeholder });
    const note = make("p", { hidden: true });
    note.setAttribute("role", "status");
    const form = make("form", {}, make("label", { htmlFor: "q" }, words.label), field, make("button", {}, words.ask), note);
    const lines = config.lines.map(([text, way, address]) => make("li", {}, `${text}: `, make("a", { href: address, rel: "noreferrer" }, way)));
    const foot = make("div", { className: "foot" }, make("p", {}, words.note),
      make("details", {}, make("summary", {}, words.crisis), make("p", {}, words.help), make("ul", {}, ...lines)));
    const panel = make("div", { className: "panel" }, form, foot);
    box.append(panel);

    const accent = /^#([\da-f]{3}|[\da-f]{6})$/i.test(options.accent) ? options.accent : "";
    if (accent) box.style.setProperty("--own", accent);

    let frame, timer, question = "", isReady = false;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const look = () => ({ theme: box.classList.contains("dark") ? "dark" : "light", accent });
    const tell = (what, more) => frame.contentWindow.postMessage({ askedbefore: what, ...more }, base.origin);
    const follow = () => {
      const was = box.classList.contains("dark");
      box.classList.toggle("dark", isDark(script, host.parentElement, system));
      if (isReady && was !== box.classList.contains("dark")) tell("look", look());
    };
    const say = (...what) => {
      note.hidden = !what.length;
      note.replaceChildren(...what);
    };

    const load = () => {
      if (frame) return;
      frame = make("iframe", { title: words.title, className: "waits", scrolling: "no", allow: "clipboard-write", referrerPolicy: "no-referrer" });
      frame.src = `${base.href}?__theme=${look().theme}&lang=${encodeURIComponent(language)}`;
      frame.addEventListener("load", function greet() {
        if (frame !== this || isReady) return;
        tell("hello");
        setTimeout(greet.bind(this), 100);  // until the page listens
      });
      panel.append(frame);
    };

    const fail = () => {
      frame.remove();
      frame = undefined;
      isReady = false;
      say(words.lost, " ", link(words.open));
    };

    const heard = {
      ready() {
        isReady = true;
        tell("look", look());
        if (question) tell("ask", { question });
      },
      asked() {
        clearTimeout(timer);
        const focused = form.contains(shadow.activeElement);
        question = field.value = "";
        frame.className = "";
        form.hidden = foot.hidden = true;
        if (focused) frame.focus({ preventScroll: true });  // it was the reader's own act, and her place in the page
      },
      height({ height }) {
        if (height > 0 && height < 1e5) frame.style.height = `${Math.ceil(height)}px`;
      },
      escape() {
        open(false);
      },
    };
    addEventListener("message", (event) => {
      if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin) return;
      const what = event.data?.askedbefore;
      if (Object.hasOwn(heard, what)) heard[what](event.data);
    });

    form.addEventListener("focusin", load);
    form.addEventListener("pointerdown", load);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      question = field.value;
      say(words.looking);
      clearTimeout(timer);
      timer = setTimeout(fail, 20000);
      load();
      if (isReady) tell("ask", { question });
    });

    let open = () => {};
    if (floating) {
      const button = make("button", { type: "button", ariaExpanded: "false" }, words.title);
      open = (yes) => {
        panel.hidden = !yes;
        button.ariaExpanded = String(yes);
        button.replaceChildren(yes ? words.close : words.title);
        (yes ? (form.hidden ? frame : field) : button).focus({ preventScroll: true });
      };
      panel.hidden = true;
      box.classList.add("floats");
      panel.tabIndex = 0;  // it scrolls, so it must be reached by keyboard
      box.append(button);
      button.addEventListener("click", () => open(panel.hidden));
      box.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !panel.hidden) open(false);
      });
      document.body.append(host);
    } else script.after(host);

    follow();
    system.addEventListener("change", follow);
    document.addEventListener("transitionend", follow);
    const watch = new MutationObserver(follow);
    for (const one of [document.documentElement, document.body, script]) {
      watch.observe(one, { attributeFilter: ["class", "style", "data-theme"] });
    }
  };

  const start = () => document.querySelectorAll("script[data-askedbefore]:not([data-askedbefore=here])").forEach(mount);
  if (document.body && document.currentScript?.hasAttribute("data-askedbefore")) mount(document.currentScript);
  else if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})(CONFIG);
