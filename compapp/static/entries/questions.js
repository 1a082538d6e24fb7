// The questions of a form and what stands in their controls. A question is named like its first control: "a-budget"
// has the controls "a-budget", or "a-budget.0.item" and its like. What it holds is a list of [name, text].

export const questionOf = (name) => name.split(".", 1)[0];

export function controlsOf(form, question) {
  return [...form.elements].filter((control) => control.name && questionOf(control.name) === question && fits(control));
}

export function fits(control) {
  return control.name.startsWith("a-") && !["file", "password", "submit", "button"].includes(control.type);
}

export function read(form, question) {
  const pairs = [];
  for (const [name, text] of new FormData(form)) {
    if (questionOf(name) === question && typeof text === "string") pairs.push([name, text.replace(/\r\n?/g, "\n")]);
  }
  return pairs;
}

// Two lists say the same when they differ in empty places and in spaces only: the server tidies these.
export function same(one, other) {
  const bare = (pairs) => JSON.stringify(pairs.map(([name, text]) => [name, text.normalize("NFC").trim().replace(/[^\S\n]+/g, " ")])
    .filter(([, text]) => text));
  return bare(one) === bare(other);
}

export function write(form, question, pairs) {
  form.dispatchEvent(new CustomEvent("question:room", { detail: { question, pairs } }));
  const left = new Map();
  for (const [name, text] of pairs) left.set(name, [...(left.get(name) ?? []), text]);
  for (const control of controlsOf(form, question)) {
    const texts = left.get(control.name) ?? [];
    if (control.type === "checkbox" || control.type === "radio") control.checked = texts.includes(control.value);
    else control.value = texts.shift() ?? "";
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function words(form, question, pairs) {
  return pairs.map(([name, text]) => {
    const control = controlsOf(form, question).find((one) => one.name === name && (one.type !== "checkbox" || one.value === text));
    if (control?.type === "checkbox" || control?.type === "radio") return control.labels?.[0]?.textContent.trim() ?? text;
    return [...(control?.options ?? [])].find((option) => option.value === text)?.textContent ?? text;
  }).filter(Boolean).join("\n");
}

// What this device keeps until the server has it: one item a question, so that nothing depends on anything else.
export function shelf(prefix) {
  const of = (question) => `${prefix}:${question}`;
  return {
    put(question, item) {
      try { localStorage.setItem(of(question), JSON.stringify(item)); } catch (error) { /* full or closed: the page holds it */ }
    },
    drop(question) {
      try { localStorage.removeItem(of(question)); } catch (error) { /* nothing was kept */ }
    },
    all() {
      const found = [];
      try {
        for (const key of Object.keys(localStorage).filter((one) => one.startsWith(`${prefix}:`))) {
          const item = JSON.parse(localStorage.getItem(key));
          if (Array.isArray(item?.pairs) && Array.isArray(item.base)) found.push([key.slice(prefix.length + 1), item]);
        }
      } catch (error) { /* unreadable: as if absent */ }
      return found;
    },
  };
}
