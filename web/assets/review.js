/** The queue of names by keyboard: y, n, x and i press the buttons of the first face, s goes to its field. */
const queue = () => document.querySelector('[data-review]');

document.addEventListener('keydown', (event) => {
  // A key that is held would go on with the faces that come up.
  if (!queue() || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target instanceof Element && event.target.closest('input, textarea, select')) return;
  const focused = document.activeElement?.closest('.face');
  const face = focused ?? queue().querySelector('.face');
  const target = [...(face?.querySelectorAll('[data-key]') ?? [])].find((each) => each.dataset.key === event.key);
  if (!target) return;
  event.preventDefault();
  if (target.matches('input')) target.focus();
  else target.click();
});
