(() => {
  // Runs before the page is there, so nothing is looked up until it is needed.
  // What was asked and answered lives in this page alone: nothing is stored.
  const RETRIES = [2000, 5000, 10000];  // milliseconds until a question that was lost is sent once more, by itself
  const PATIENCE = 30000;  // milliseconds until an answer that does not come is given up
  const EXITS = 3;  // how often Shift leads away
  const asked = new URLSearchParams(location.search);  // a blog that has the page in a frame asks for its language
  const find = (id) => document.getElementById(id);
  const field = () => document.querySelector("#ab-box textarea");
  const words = () => JSON.parse(find("ab-words").dataset.words);
  const say = (text) => (find("ab-status").textContent = text);

  const make = (name, set, ...inner) => {
    const element = Object.assign(document.createElement(name), set);
    element.append(...inner);
    return element;
  };

  const show = (element) => {
    // Scrolls this page only; scrollIntoView would also scroll a blog that has it in a frame.
    const top = element.getBoundingClientRect().top + window.scrollY - 16;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    window.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
  };

  const type = (text) => {
    field().value = text;
    field().dispatchEvent(new Event("input", { bubbles: true }));
  };

  const retryButton = () => make("p", {}, make("button", { type: "button", className: "ab-retry" }, words().try_again));

  // Shows in place of an answer what is going on.
  const tell = (turn, message, ...more) => {
    const label = make("h2", { className: "ab-question" }, make("span", {}, words().you_asked), " ", make("bdi", {}, turn.title));
    const section = make("section", { className: "ab-turn" }, label, make("p", { className: "ab-message" }, message), ...more);
    find("ab-answer").replaceChildren(section);
    say(message);
    show(section);
  };

  let before = "";  // what a next question may follow
  let last;  // the turn that is shown, and that can be sent once more
  let waiting;  // ends the request that is being waited for

  const take = async (turn) => {
    waiting?.abort();
    const mine = (waiting = new AbortController());
    tell(turn, words().looking);
    for (const pause of [...RETRIES, undefined]) {
      try {
        const body = new URLSearchParams({ question: turn.question, before: turn.before, like: turn.like, language: asked.get("lang") || "" });
        const signal = AbortSignal.any([mine.signal, AbortSignal.timeout(PATIENCE)]);
        const response = await fetch("turn", { method: "POST", body, signal });
        if (response.headers.get("content-type")?.startsWith("text/html") && ![502, 504].includes(response.status)) {
          const html = await response.text();
          if (html.startsWith('<section class="ab-turn"')) return mine.signal.aborted || arrived(turn, html);
        }
      } catch {
        // The connection is gone, or the server is being started again.
      }
      if (mine.signal.aborted) return;
      if (pause === undefined) {
        find("ab-crisis").open = true;  // nobody here can hear whether it was a cry for help
        return tell(turn, words().lost, retryButton());
      }
      tell(turn, words().trying_again);
      await new Promise((resume) => setTimeout(resume, pause));
      if (mine.signal.aborted) return;
    }
  };

  const arrived = (turn, html) => {
    find("ab-answer").innerHTML = html;  // made by our own server, which escapes all that is not its own
    const section = find("ab-answer").firstElementChild;
    const { outcome, count } = section.dataset;
    const done = !["invalid", "failed"].includes(outcome);
    if (done && !turn.like) {
      before = section.querySelector(".ab-with") ? `${turn.before} ${turn.question}` : turn.question;
      if (field().value === turn.question) type("");
    }
    const message = section.querySelector(".ab-message");
    const found = count === "1" ? words().one_found : words().many_found.replace("#", count);
    say(message ? message.textContent : found);
    show(section);
    section.querySelector(".ab-support")?.focus({ preventScroll: true });  // the next key leads to its first number
  };

  const begin = (turn) => {
    const shown = find("ab-answer").firstElementChild;
    if (shown && ["passages", "nothing_close"].includes(shown.dataset.outcome)) {
      for (const alert of shown.querySelectorAll("[role=alert]")) alert.removeAttribute("role");  // it was announced
      find("ab-earlier").append(shown);
    }
    document.body.classList.add("ab-begun");
    last = turn;
    take(turn);
  };

  const ask = (question, follows = before) => {
    type(question);  // it stays in the box until there is an answer
    begin({ question, before: follows, like: "", title: question.trim() });
  };

  const beginAnew = () => {
    waiting?.abort();
    before = "";
    find("ab-earlier").replaceChildren();
    find("ab-answer").replaceChildren();
    document.body.classList.remove("ab-begun");
    type("");
    say(words().new_begun);
    field().focus({ preventScroll: true });
  };

  const copy = async (button) => {
    const address = button.closest(".ab-ways").querySelector("a").href;
    try {
      await navigator.clipboard.writeText(address);
      const label = button.textContent;
      button.textContent = words().copied;
      say(words().copied);
      setTimeout(() => (button.textContent = label), 2000);
    } catch {
      const place = make("input", { className: "ab-link", value: address, readOnly: true, ariaLabel: words().not_copied });
      button.replaceWith(place);
      place.select();
      say(words().not_copied);
    }
  };

  const help = () => {
    const lines = find("ab-crisis");
    lines.open = true;
    lines.querySelector("summary").focus({ preventScroll: true });
    lines.scrollIntoView();  // the blog around it too: the reader asked to be there
  };

  // The page goes at once, and the one that comes takes its place in the history.
  const leave = () => {
    document.body.hidden = true;
    const away = document.querySelector(".ab-leave").href;
    try {
      window.top.location.replace(away);
    } catch {
      window.location.replace(away);  // a frame that may not lead the blog away leads itself
    }
  };

  window.askedBefore = { ask };

  document.addEventListener("click", (event) => {
    const one = (name) => event.target.closest?.(name);
    if (one(".ab-suggestion")) ask(one(".ab-suggestion").textContent, "");  // what is offered is a new subject
    else if (one(".ab-more")) {
      const like = one(".ab-passage").dataset.passage;
      begin({ question: "", before: "", like, title: one(".ab-more").dataset.asked });
    } else if (one(".ab-copy")) copy(one(".ab-copy"));
    else if (one(".ab-retry")) take(last);
    else if (one(".ab-new")) beginAnew();
    else if (one(".ab-help")) {
      event.preventDefault();
      help();
    } else if (one(".ab-leave")) {
      event.preventDefault();
      leave();
    }
  });

  let shifts = 0;
  document.addEventListener("keydown", (event) => {
    shifts = event.key === "Shift" && !event.repeat ? shifts + 1 : 0;
    if (shifts === EXITS) leave();
  });

  // A question that the author linked to: it stands in the fragment, which no server sees. A reader's own never does.
  const arrive = () => {
    const question = new URLSearchParams(location.hash.slice(1)).get("q");
    if (question?.trim()) ask(question, "");
  };
  const ready = () => {
    if (!field() || !find("ab-words") || !find("ab-status")) return setTimeout(ready, 50);
    const speak = () => Object.assign(document.documentElement, { lang: words().language, dir: words().direction });
    speak();
    new MutationObserver(speak).observe(find("ab-words").closest(".block"), { childList: true, subtree: true });
    addEventListener("hashchange", arrive);
    arrive();
  };
  ready();
  if (parent !== self) document.head.append(make("script", { src: "frame.js" }));
})();
