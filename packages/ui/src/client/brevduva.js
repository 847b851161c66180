// Small helps for those whose browser runs script; every page works without. No dependency, no state, no network.

const COPIED_SHOWN_MS = 2000;
const SEND_AGAIN_AFTER_MS = 5000;

// Copy buttons: hidden until here, since without script they could do nothing.
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', () => copy(button));
}

// A changed list or date in a filter is enough; no need to press the button as well.
for (const form of document.querySelectorAll('form[data-auto-submit]')) {
  form.addEventListener('change', (event) => {
    if (event.target instanceof HTMLSelectElement || event.target.type === 'date') form.requestSubmit();
  });
}

// A form sent twice by an impatient double click is a question asked twice. It opens again after a while,
// since an answer that is a file leaves the page standing.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent === 'true') event.preventDefault();
    form.dataset.sent = 'true';
    setTimeout(() => delete form.dataset.sent, SEND_AGAIN_AFTER_MS);
  });
}

// After a form came back with faults, the reader starts at the summary of them.
document.querySelector('[data-focus]')?.focus();

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector('[data-label]');
  if (source === null || label === null) return;
  await navigator.clipboard.writeText(source.textContent);
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    label.textContent = before;
  }, COPIED_SHOWN_MS);
}
