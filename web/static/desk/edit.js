// The form in which an article is edited: what is typed is kept on the server a moment later, and in this tab until the
// server has it, so that neither a session that ends nor a connection that breaks loses a word.
import { inDialog } from "./dialogs.js";
import { csrf, renewed, signIn, spoken } from "./session.js";

const pause = 1500; // ms after the last keystroke
const again = 5000; // ms until it is tried again where there is no connection
const names = ["title", "lead", "body", "published", "author", "source", "tags"];
const grows = !CSS.supports("field-sizing", "content");
const pane = document.getElementById("item");
const composing = (event) => event.isComposing || event.keyCode === 229;
let edit = null;

class Edit {
  constructor(form) {
    this.form = form;
    this.unsaved = false;
    this.composing = false;
    this.timer = 0;
    this.sending = null;
    this.key = `bantin-edit:${form.dataset.by}:${form.dataset.id}`;
    this.recover();
    for (const field of this.fields) this.fit(field);
  }

  get fields() { return names.map((name) => this.field(name)); }
  field(name) { return this.form.elements[name]; }
  get counter() { return Number(this.form.elements.counter.value); }
  set counter(value) { this.form.elements.counter.value = value; }
  get values() { return Object.fromEntries(new FormData(this.form)); }

  // What this tab had typed and the server never got: a tab that was reloaded, a browser that was restored.
  recover() {
    const kept = JSON.parse(sessionStorage[this.key] ?? "null");
    if (!kept || Number(kept.counter) < this.counter) return;
    if (names.every((name) => kept[name] === this.field(name).value)) return;
    for (const [name, value] of Object.entries(kept)) if (this.form.elements[name]) this.form.elements[name].value = value;
    this.say("recovered");
    this.typed();
  }

  typed(field) {
    if (field) {
      this.fit(field);
      // What was wrong with it was said of what stood there before.
      field.removeAttribute("aria-invalid");
      const box = field.closest(".faulty");
      box?.classList.remove("faulty");
      box?.querySelector(".fault").remove();
    }
    this.unsaved = true;
    sessionStorage[this.key] = JSON.stringify(this.values);
    clearTimeout(this.timer);
    if (!this.composing) this.timer = setTimeout(() => this.save(), pause);
  }

  // Sends what was typed last; of two at once the second waits and sends what there is then.
  async save() {
    clearTimeout(this.timer);
    if (this.sending || !this.unsaved) return this.sending;
    this.unsaved = false;
    this.counter += 1;
    this.say("saving");
    this.sending = this.send(new URLSearchParams(this.values));
    const done = await this.sending;
    this.sending = null;
    if (!done) this.unsaved = true;
    if (this.unsaved) this.timer = setTimeout(() => this.save(), done ? pause : again);
    else delete sessionStorage[this.key];
    return done;
  }

  async send(body) {
    for (;;) {
      try {
        const answer = await fetch(spoken(`${this.form.dataset.path}/draft`), { method: "PUT", body, headers: { "X-CSRF-Token": csrf() } });
        if (answer.status === 401) {
          this.say("expired");
          await signIn();
          continue;
        }
        if (answer.status === 403 && await renewed()) continue;
        if (!answer.ok) throw new Error(answer.statusText);
        const kept = await answer.json();
        this.counter = Math.max(this.counter, kept.counter);
        this.show(kept.said, kept.mine ? "" : "elsewhere");
        return kept.mine; // else what was typed here is kept with the next number, over what the other window has
      } catch {
        this.say("offline");
        return false;
      }
    }
  }

  say(name) { this.show(this.form.dataset[name], name); }

  show(text, way) {
    const shown = this.form.querySelector("#kept");
    shown.textContent = text;
    shown.dataset.way = way;
  }

  fit(field) {
    if (grows && field instanceof HTMLTextAreaElement) {
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + 2}px`;
    }
    const output = this.form.querySelector(`output[for="${field.id}"]`);
    if (!output) return;
    const count = output.dataset.counts === "words" ? field.value.trim().split(/\s+/u).filter(Boolean).length : [...field.value].length;
    output.textContent = `${count.toLocaleString(document.documentElement.lang)} ${count === 1 ? output.dataset.one : output.dataset.many}`;
  }

  // The form was sent, or is no longer shown: what is not kept yet is sent after it.
  end(saved) {
    clearTimeout(this.timer);
    if (saved) delete sessionStorage[this.key];
    else if (this.unsaved) this.save();
  }

  // Leaves the form once what was typed is kept, or cannot be.
  async leave() {
    while ((this.unsaved || this.sending) && await this.save()) { /* again, for what was typed meanwhile */ }
    htmx.ajax("GET", this.form.dataset.path, { target: pane, source: pane });
  }
}

function look(saved = false) {
  const form = pane.querySelector("form.editing");
  if (edit?.form === form) return;
  edit?.end(saved);
  edit = form ? new Edit(form) : null;
}

if (pane) {
  pane.addEventListener("compositionstart", () => { if (edit) edit.composing = true; });
  pane.addEventListener("compositionend", ({ target }) => {
    if (!edit) return;
    edit.composing = false;
    if (edit.fields.includes(target)) edit.typed(target);
  });
  pane.addEventListener("input", ({ target }) => {
    if (edit?.fields.includes(target)) edit.typed(target);
  });
  pane.addEventListener("click", ({ target }) => {
    if (target.closest("#leave")) edit?.leave();
  });
  document.addEventListener("keydown", (event) => {
    if (!edit || composing(event) || inDialog()) return;
    const saves = (event.ctrlKey || event.metaKey) && !event.altKey && ["s", "Enter"].includes(event.key);
    if (!saves && event.key !== "Escape") return;
    event.preventDefault();
    if (saves) edit.form.requestSubmit();
    else edit.leave();
  }, true);
  let answered = 0;
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt === edit?.form) clearTimeout(edit.timer);
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    answered = detail.requestConfig.elt === edit?.form || detail.requestConfig.verb === "delete" ? detail.xhr.status : 0;
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    // Refused or not, the server has what was sent.
    if (detail.target === pane) look(answered > 0);
    answered = 0;
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt === edit?.form && detail.failed && edit.unsaved) edit.typed();
  });
  addEventListener("beforeunload", (event) => {
    if (edit?.unsaved || edit?.sending) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (edit?.unsaved) edit.save();
  });
  look();
}
