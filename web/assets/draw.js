/** A box over a picture: the pointer draws it and sets the four fields, the fields set the box. All in percent. */
const fields = (form) => ['x', 'y', 'w', 'h'].map((name) => form.elements.namedItem(name));
const formOf = (target) => (target instanceof Element ? target.closest('form[data-draw]') : null);
const round = (value) => String(Math.round(value * 10) / 10);

const show = (form) => {
  const [x, y, w, h] = fields(form).map((field) => field.value || '0');
  const box = form.querySelector('[data-box]');
  for (const [name, value] of Object.entries({ x, y, width: w, height: h })) box.setAttribute(name, value);
};

/** What is being drawn: the form, where the picture lies, and the corner that stays. */
let drawing = null;
const within = (value) => Math.min(100, Math.max(0, value));
const at = (event, { left, top, width, height }) => ({
  x: within(((event.clientX - left) / width) * 100),
  y: within(((event.clientY - top) / height) * 100),
});

document.addEventListener('pointerdown', (event) => {
  const area = event.target instanceof Element ? event.target.closest('[data-draw] .draw-area') : null;
  if (!area || event.button !== 0) return;
  event.preventDefault();
  area.setPointerCapture(event.pointerId);
  const rect = area.getBoundingClientRect();
  drawing = { form: formOf(area), rect, from: at(event, rect) };
});

document.addEventListener('pointermove', (event) => {
  if (!drawing) return;
  const { form, rect, from } = drawing;
  const to = at(event, rect);
  const [x, y, w, h] = fields(form);
  x.value = round(Math.min(from.x, to.x));
  y.value = round(Math.min(from.y, to.y));
  // A click is no box.
  w.value = round(Math.max(1, Math.abs(from.x - to.x)));
  h.value = round(Math.max(1, Math.abs(from.y - to.y)));
  show(form);
});

for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => (drawing = null));

document.addEventListener('input', (event) => {
  const form = formOf(event.target);
  if (form && event.target.matches('[type="number"]')) show(form);
});
