(() => {
  // Runs before the page is there, so nothing is looked up until it is needed.
  // Earlier answers stay on the page above the newest. They live in this page alone: nothing is stored.
  const find = (id) => document.getElementById(id);
  const turn = () => document.querySelector("#ab-answer .ab-turn");
  const words = () => JSON.parse(find("ab-words").textContent);

  const show = (element) => {
    // Scrolls this page only; scrollIntoView would also scroll a blog that has it in a frame.
    const top = element.getBoundingClientRect().top + window.scrollY - 16;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    window.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
  };

  const question = (text) => {
    const heading = document.createElement("h2");
    heading.className = "ab-question";
    const label = document.createElement("span");
    label.textContent = words().asked;
    heading.append(label, " " + text);
    return heading;
  };

  const keep = (earlier) => {
    for (const alert of earlier.querySelectorAll("[role=alert]")) alert.removeAttribute("role");  // it was announced
    find("ab-earlier").append(earlier);
  };

  const pending = (text, message) => {
    const section = document.createElement("section");
    section.className = "ab-turn";
    const line = document.createElement("p");
    line.className = "ab-message";
    line.textContent = message;
    if (text) section.append(question(text));
    section.append(line);
    find("ab-pending").replaceChildren(section);
    return section;
  };

  window.askedBefore = {
    last: "",
    before: "",
    passage: "",
    title: "",
    timer: 0,
    begun: 0,

    // Returns what was asked before, which this may follow; it is kept in this page alone.
    begin(text) {
      this.wait((text || "").trim());
      return this.before;
    },

    // Returns the passage that the reader wants more like.
    beginLike() {
      this.wait(this.title);
      return this.passage;
    },

    wait(text) {
      // Gradio waits for a lost connection in silence; a reader is told, and what she typed is still in the box.
      this.begun += 1;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.fail(), 10000);
      this.last = text;
      const now = turn();
      if (now && now.dataset.outcome !== "invalid") keep(now.cloneNode(true));
      find("ab-answer").classList.add("ab-waiting");
      find("ab-status").textContent = words().looking;
      show(pending(this.last, words().looking));
    },

    finish() {
      clearTimeout(this.timer);
      requestAnimationFrame(() => {
        find("ab-pending").replaceChildren();
        find("ab-answer").classList.remove("ab-waiting");
        const now = turn();
        if (!now) return;
        if (now.dataset.outcome !== "invalid" && !now.dataset.like) {
          this.before = now.querySelector(".ab-with") ? `${this.before} ${this.last}` : this.last;
        }
        const message = now.querySelector(".ab-message");
        const count = Number(now.dataset.count);
        const found = count === 1 ? words().one : words().many.replace("#", String(count));
        find("ab-status").textContent = message ? message.textContent : found;
        show(now);
      });
    },

    expect(text) {
      // When its connection is gone, Gradio does not even begin.
      const before = this.begun;
      setTimeout(() => {
        if (this.begun > before) return;
        this.last = text.trim();
        this.fail();
      }, 1500);
    },

    fail() {
      clearTimeout(this.timer);
      find("ab-status").textContent = words().failed;
      show(pending(this.last, words().failed));
    },
  };

  const typed = () => document.querySelector("#ab-box textarea").value;
  const type = (text) => {
    const box = document.querySelector("#ab-box textarea");
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const example = event.target.closest(".ab-example");
    const suggestion = event.target.closest(".ab-suggestion");
    const more = event.target.closest(".ab-more");
    if (example) {
      window.askedBefore.before = "";  // an example is a new subject
      window.askedBefore.expect(example.textContent);
    } else if (suggestion) {
      window.askedBefore.before = "";
      window.askedBefore.expect(suggestion.textContent);
      type(suggestion.textContent);
      find("ab-ask").click();
    } else if (more) {
      const passage = more.closest(".ab-passage");
      window.askedBefore.passage = passage.dataset.passage;
      window.askedBefore.title = more.dataset.asked;
      window.askedBefore.expect(more.dataset.asked);
      find("ab-like").click();
    } else if (event.target.closest("#ab-ask")) window.askedBefore.expect(typed());
  });
  document.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (sends && event.target.closest("#ab-box")) window.askedBefore.expect(typed());
  });
})();
