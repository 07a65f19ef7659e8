// The chat page: asks every 700 ms what has changed, and draws it.

const POLL_EVERY = 700; // milliseconds
const NOTICE_FOR = 4000; // milliseconds
const WRAPPED_IN = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

const at = (id) => document.getElementById(id);
const seen = new Map(); // the newest message of each person that was looked at
let chosen = Number(new URLSearchParams(location.search).get("person")) || null;
let version = -1;
let toasts = null; // how many this person had when we last looked; null: not looked yet
let editing = null;
let hiding = 0;

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function notice(words, wrong = false) {
  const line = at("notice");
  line.textContent = words;
  line.classList.toggle("wrong", wrong);
  line.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (line.hidden = true), NOTICE_FOR);
}

async function does(deed, asked = {}) {
  const answer = await fetch(`api/${deed}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ person: chosen, ...asked }),
  });
  const said = await answer.json();
  if (said.error) notice(said.error, true);
  await look();
  return said;
}

async function look() {
  const asked = new URLSearchParams({ version });
  if (chosen) asked.set("person", chosen);
  const state = await (await fetch(`api/state?${asked}`)).json();
  drawClock(state);
  if (state.people && (chosen === null || chosen === state.person || !state.people.some((one) => one.id === chosen))) {
    version = state.version;
    chosen = state.person;
    draw(state);
  }
}

function choose(person) {
  document.body.classList.add("chatting");
  if (person === chosen) return;
  chosen = person;
  version = -1;
  toasts = null;
  stopEditing();
  at("screen").replaceChildren();
  history.replaceState(null, "", `?person=${person}`);
  look();
}

function draw(state) {
  const person = state.people.find((one) => one.id === state.person);
  at("nobody").hidden = Boolean(person);
  at("phone").hidden = !person;
  if (person) {
    seen.set(person.id, person.newest);
    drawPhone(state, person);
  }
  keepingFocus(at("people"), state.people.map(listed));
}

function drawClock(state) {
  const now = new Date(state.now);
  const shown = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
  at("now").dateTime = state.now;
  at("now").textContent = now.toLocaleString(undefined, shown);
  if ("time_can_pass" in state) at("passing").hidden = !state.time_can_pass;
}

function keepingFocus(list, items) {
  const held = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  list.replaceChildren(...items);
  if (held) list.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

function listed(one) {
  const asides = { stranger: "has not met the bot", blocked: "has blocked the bot", deactivated: "account deleted" };
  const unread = one.waiting && one.newest > (seen.get(one.id) ?? 0);
  return made(
    "li",
    {},
    made(
      "button",
      {
        type: "button",
        class: "one",
        "data-key": one.id,
        "aria-current": one.id === chosen ? "true" : null,
        onclick: () => choose(one.id),
      },
      avatar(one),
      made("span", { class: "words" }, made("strong", {}, one.name), made("small", {}, asides[one.standing] ?? one.preview)),
      unread ? made("span", { class: "unread", role: "img", "aria-label": "unread" }) : "",
    ),
  );
}

function avatar(one) {
  const round = made("span", { class: "avatar", "aria-hidden": "true" }, [...one.name][0].toUpperCase());
  round.style.setProperty("--hue", (one.id * 47) % 360);
  return round;
}

function drawPhone(state, person) {
  at("bot").textContent = state.bot.name;
  at("avatar").textContent = [...state.bot.name][0];
  at("whose").textContent = `@${state.bot.username} on ${person.name}’s phone`;
  const away = person.standing !== "welcome";
  at("composer").hidden = away;
  at("start").hidden = !away || person.standing === "deactivated";
  at("block").hidden = !["welcome", "blocked"].includes(person.standing);
  at("block").textContent = person.standing === "blocked" ? "Unblock bot" : "Block bot";
  at("block").onclick = () => does("block", { blocked: person.standing !== "blocked" });
  drawCommands(state.commands);
  drawScreen(state);
  if (toasts !== null && state.toasts.length > toasts) notice(state.toasts.at(-1));
  toasts = state.toasts.length;
}

function drawCommands(commands) {
  const choices = commands.map(({ command, description }) =>
    made(
      "button",
      { type: "button", onclick: () => ((at("commands").open = false), does("write", { text: `/${command}` })) },
      `/${command} `,
      made("span", {}, description),
    ),
  );
  at("commands").hidden = commands.length === 0;
  at("commands").querySelector("div").replaceChildren(...choices);
}

function drawScreen(state) {
  const screen = at("screen");
  const atEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 80 || !screen.childElementCount;
  const days = { weekday: "long", day: "numeric", month: "long" };
  const lines = [];
  let today = "";
  for (const message of state.screen) {
    const day = new Date(message.sent_at).toLocaleDateString(undefined, days);
    if (day !== today) lines.push(made("li", { class: "day" }, day));
    today = day;
    lines.push(bubble(message, state));
  }
  keepingFocus(screen, lines.length ? lines : [made("li", { class: "empty" }, "Nothing has been said here yet.")]);
  if (atEnd) screen.scrollTop = screen.scrollHeight;
}

function bubble(message, state) {
  const body = made("div", { class: "bubble" });
  if (message.photo) body.append(made("img", { src: `api/files/${state.person}/${message.id}`, alt: "Photo" }));
  if (message.document) body.append(made("a", { href: `api/files/${state.person}/${message.id}` }, `File: ${message.document}`), "\n");
  if (message.other) body.append(made("span", { class: "attached" }, message.other));
  body.append(...worded(message.text, message.entities), foot(message));
  const keys = message.buttons.map((row, line) =>
    made("div", { class: "row" }, ...row.map((button, place) => key(button, message, `${message.id}.${line}.${place}`, state))),
  );
  return made(
    "li",
    { class: message.from_bot ? "message" : "message own" },
    body,
    keys.length ? made("div", { class: "keys" }, ...keys) : "",
  );
}

function foot(message) {
  const moment = new Date(message.sent_at);
  const notes = [message.protected ? "protected" : "", message.edited ? "edited" : ""].filter(Boolean);
  const mayEdit = !message.from_bot && message.text && !message.photo && !message.document;
  return made(
    "span",
    { class: "foot" },
    mayEdit ? made("button", { type: "button", "data-key": `e${message.id}`, onclick: () => startEditing(message) }, "change") : "",
    ...notes.map((note) => made("span", note === "protected" ? { title: "It can be neither forwarded nor saved" } : {}, note)),
    made("time", { datetime: message.sent_at, title: moment.toLocaleString() }, moment.toTimeString().slice(0, 5)),
  );
}

function key(button, message, place, state) {
  if (button.url) return link(button.url, `${button.label} ↗`, place);
  const spinning = state.spinning.includes(button.data) ? "spinning" : null;
  const tap = () => does("tap", { message_id: message.id, data: button.data });
  return made(
    "button",
    { type: "button", class: spinning, "data-key": place, disabled: button.data === null, onclick: tap },
    button.label,
  );
}

function link(url, label, place = null) {
  const invitation = /^(https?:\/\/)?(t|telegram)\.me\/\w+\?start=/.test(url);
  if (!/^(https?|tg|mailto|tel):/.test(url) && !invitation) return made("span", {}, label);
  const follow = (event) => (event.preventDefault(), does("open", { payload: url }));
  const shown = { href: url, target: "_blank", rel: "noreferrer", "data-key": place };
  return made("a", invitation ? { ...shown, onclick: follow } : shown, label);
}

// Offsets of entities count UTF-16 units, and so do JavaScript's strings.
function worded(text, entities) {
  const cuts = new Set([0, text.length]);
  for (const { offset, length } of entities) cuts.add(offset).add(offset + length);
  const places = [...cuts].sort((one, other) => one - other);
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1];
    const around = entities.filter(({ offset, length }) => offset <= from && to <= offset + length);
    return around.reduceRight((inner, entity) => dressed(inner, entity, text), document.createTextNode(text.slice(from, to)));
  });
}

function dressed(inner, entity, text) {
  const words = text.slice(entity.offset, entity.offset + entity.length);
  if (entity.type === "text_link") return link(entity.url, inner);
  if (entity.type === "url") return link(/^\w+:/.test(words) ? words : `https://${words}`, inner);
  if (entity.type === "phone_number") return link(`tel:${words.replace(/[^+\d]/g, "")}`, inner);
  if (entity.type === "spoiler") return made("span", { class: "spoiler", tabindex: "0" }, inner);
  const tag = WRAPPED_IN[entity.type];
  return tag ? made(tag, {}, inner) : inner;
}

function startEditing(message) {
  editing = message.id;
  at("text").value = message.text;
  at("composer").querySelector(".send").textContent = "Change";
  at("text").focus();
}

function stopEditing() {
  editing = null;
  at("text").value = "";
  at("composer").querySelector(".send").textContent = "Send";
}

async function send() {
  const text = at("text").value;
  if (!text.trim()) return;
  const isLink = /^\s*(https?:\/\/)?(t|telegram)\.me\/\S+\s*$/.test(text);
  const deed = editing ? ["edit", { message_id: editing, text }] : isLink ? ["open", { payload: text }] : ["write", { text }];
  stopEditing();
  at("screen").scrollTop = at("screen").scrollHeight;
  await does(...deed);
}

async function start() {
  const said = await does("open", { payload: at("payload").value });
  if (!said.error) at("payload").value = "";
}

at("composer").addEventListener("submit", (event) => (event.preventDefault(), send()));
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Escape") stopEditing();
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
at("press-start").addEventListener("click", start);
at("payload").addEventListener("keydown", (event) => event.key === "Enter" && start());
at("newcomer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = await does("people", { name: at("name").value, language_code: at("language").value });
  if (said.person) choose(said.person);
  at("name").value = "";
});
at("back").addEventListener("click", () => document.body.classList.remove("chatting"));
for (const choice of at("passing").querySelectorAll("button")) {
  choice.addEventListener("click", () => does("pass", { hours: Number(choice.dataset.hours) }));
}
for (const choice of at("attach").querySelectorAll("button")) {
  choice.addEventListener("click", () => ((at("attach").open = false), does("attach", { kind: choice.dataset.kind })));
}

async function keepLooking() {
  try {
    await look();
  } catch {
    notice("The sandbox does not answer.", true);
  }
  setTimeout(keepLooking, POLL_EVERY);
}

keepLooking();
