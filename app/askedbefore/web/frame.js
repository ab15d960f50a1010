((allowed) => {
  // The page's side of the sidebar: takes a question from the blog that has it in a frame, and says how high it is.
  // Only a parent that the author allows is listened to, and only that one is told anything, which is never a question.
  if (window.parent === window) return;
  const SHEET = `
html, body, .gradio-container, gradio-app { min-height: 0 !important; height: auto !important; }
html { overflow: hidden; }
.gradio-container main.contain { padding: 0.9rem 0.9rem 1rem !important; }
.gradio-container .ab-header :is(h1, p:not(.ab-note), .ab-back) { display: none; }
.gradio-container .ab-nav { margin-bottom: 0.25rem !important; }`;
  let host = "";

  const tell = (what, more) => window.parent.postMessage({ askedbefore: what, ...more }, host);
  const field = () => document.querySelector("#ab-box textarea");
  const content = () => document.querySelector(".gradio-container main") || document.body;

  const wear = ({ theme, accent }) => {
    document.body.classList.toggle("dark", theme === "dark");
    const container = document.querySelector(".gradio-container");
    if (!container || !/^#([\da-f]{3}|[\da-f]{6})$/i.test(accent)) return;
    // So dark or so light that it can be read on the page's ground; where a browser cannot do that, the page's own stays.
    const color = `oklch(from ${accent} ${theme === "dark" ? "max(l, 0.79)" : "min(l, 0.48)"} c h)`;
    if (CSS.supports("color", color)) container.style.setProperty("--ab-accent", color, "important");
  };

  const measure = () => tell("height", { height: content().getBoundingClientRect().bottom + window.scrollY });

  const settle = (then) => (window.askedBefore && field() && document.querySelector("#ab-status") ? then() : setTimeout(settle, 50, then));

  const ask = (question) => {
    window.askedBefore.ask(question);
    measure();
    tell("asked");
  };

  const begin = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    document.documentElement.classList.add("ab-embedded");
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") tell("escape");
    });
    settle(() => {
      new ResizeObserver(measure).observe(content());
      measure();  // so that nothing on the blog's page jumps when the box makes way for this page
      tell("ready");
    });
  };

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !(allowed.includes(event.origin) || event.origin === location.origin)) return;
    const { askedbefore: what, question } = event.data || {};
    if (what === "hello" && !host) {
      host = event.origin;
      begin();
    } else if (event.origin !== host) return;
    if (what === "look") wear(event.data);
    if (what === "ask" && typeof question === "string") settle(() => ask(question));
  });
})(ALLOWED);
