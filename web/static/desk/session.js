// Requests in the name of whoever is signed in. One whose session has ended signs in again in a dialog, and the request
// that was refused is sent once more: what was typed stays where it is.
import { say } from "./toasts.js";

const header = "X-CSRF-Token";
const meta = () => document.querySelector("meta[name=csrf]");
const userOf = (page) => page.querySelector(".whoami")?.dataset.user;
let signingIn = null;

export const csrf = () => meta()?.content ?? "";

// The address, for an answer in the language of the page; Vietnamese is what is spoken unless told.
export const spoken = (path) =>
  document.documentElement.lang !== "en" || /[?&]lang=/.test(path) ? path : `${path}${path.includes("?") ? "&" : "?"}lang=en`;

// As fetch, for requests to us. Gives the answer, whatever its status; throws where there is no connection.
export async function send(url, init = {}) {
  for (;;) {
    const answer = await fetch(url, { ...init, headers: { ...init.headers, [header]: csrf() } });
    if (answer.status === 401) await signIn();
    else if (answer.status !== 403 || !await renewed()) return answer;
  }
}

// Another tab may have begun another session since this page was opened: takes the token of that one, if it is the same
// user's. Whether there was another.
export async function renewed() {
  const answer = await fetch("/account", { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[name=csrf]")?.value;
  if (!answer.ok || !token || token === csrf() || userOf(page) !== userOf(document)) return false;
  meta().content = token;
  for (const field of document.querySelectorAll("[name=csrf]:not(meta)")) field.value = token;
  return true;
}

// Resolves when the user of this page is signed in again: here, or in another tab, as single sign-on needs it.
export function signIn() {
  signingIn ??= new Promise((resolve) => {
    const dialog = document.getElementById("login");
    const form = dialog.querySelector("form");
    const wrong = form.querySelector(".wrong");
    wrong.textContent = "";
    const refuse = (event) => event.preventDefault();
    const end = () => {
      form.password.value = "";
      form.removeEventListener("submit", submit);
      dialog.removeEventListener("cancel", refuse);
      removeEventListener("focus", look);
      dialog.close();
      signingIn = null;
      resolve();
    };
    const look = async () => {
      if (await renewed().catch(() => false) && dialog.open) end();
    };
    const submit = async (event) => {
      event.preventDefault();
      wrong.textContent = "";
      if (await accepted(form)) end();
      else {
        wrong.textContent = wrong.dataset.text;
        form.password.select();
      }
    };
    form.addEventListener("submit", submit);
    dialog.addEventListener("cancel", refuse);
    addEventListener("focus", look);
    dialog.showModal();
    form.querySelector(form.name.value ? "[name=password]" : "[name=name]").focus();
  });
  return signingIn;
}

async function accepted(form) {
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) return false;
    meta().content = (await answer.json()).csrf;
    return true;
  } catch {
    return false;
  }
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers[header] = csrf();
  detail.path = spoken(detail.path);
});

document.addEventListener("htmx:responseError", async ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 401) await signIn();
  else if (status !== 403 || !await renewed()) {
    if (!("quiet" in detail.elt.dataset)) say("failed");
    return;
  }
  const { verb, path, elt, target, parameters, headers } = detail.requestConfig;
  const values = Object.fromEntries(Object.entries(parameters));
  const swap = detail.etc.swapOverride;
  await htmx.ajax(verb.toUpperCase(), path, { source: elt, target, swap, values, headers: { ...headers, [header]: csrf() } });
});

document.addEventListener("htmx:sendError", ({ detail }) => {
  if (!("quiet" in detail.elt.dataset)) say("failed");
});
