((allowed) => {
  // The page's side of the sidebar: takes a question from the blog that has it in a frame, and says how high it is.
  // Only a parent that the author allows is listened to, and only that one is told anything, which is never a question.
  if (window.parent === window) return;
  const SHEET = `
html, body, .gradio-container, gradio-app { min-height: 0 !important; height: auto !important; }
html { overflow: hidden; }
.gradio-container main.contain { padding: 0.9rem 0.9rem 1rem !important; }
.gradio-container .ab-header :is(h1, p:not(.ab-note)) { display: none; }`;
  let host = "";

  const tell = (what, more) => window.parent.postMessage({ askedbefore: what, ...more }, host);
  const box = () => document.querySelector("#ab-box textarea");
  const content = () => document.querySelector(".gradio-container main") || document.body;

  const light = (color) => {
    const linear = color.map((one) => ((one /= 255) > 0.04045 ? ((one + 0.055) / 1.055) ** 2.4 : one / 12.92));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

  // The blog's colour, brought so near to black or white that links in it can be read on the page's ground.
  const readable = (accent, isDark) => {
    const digits = accent.slice(1).match(accent.length < 5 ? /./g : /../g);
    let color = digits.map((one) => parseInt(one.padStart(2, one), 16));
    const ground = light(isDark ? [37, 35, 33] : [250, 248, 245]);
    for (let step = 0; step < 20 && contrast(light(color), ground) < 4.5; step += 1) {
      color = color.map((one) => one + ((isDark ? 255 : 0) - one) * 0.15);
    }
    return color;
  };

  const wear = ({ theme, accent }) => {
    const isDark = theme === "dark";
    document.body.classList.toggle("dark", isDark);
    const container = document.querySelector(".gradio-container");
    if (!container || !/^#([\da-f]{3}|[\da-f]{6})$/i.test(accent)) return;
    const color = readable(accent, isDark);
    container.style.setProperty("--ab-accent", `rgb(${color.map(Math.round).join(" ")})`);
    container.style.setProperty("--ab-accent-ink", light(color) > 0.18 ? "#000" : "#fff");
  };

  const measure = () => tell("height", { height: content().getBoundingClientRect().bottom + window.scrollY });

  const settle = (then) => (box() && document.querySelector("#ab-ask") ? then() : setTimeout(settle, 50, then));

  const ask = (question) => {
    const field = box();
    field.value = question;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("#ab-ask").click();
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
