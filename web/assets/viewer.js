/** The viewer's keys: ← and → for the photos beside this one, Esc to go back to where it was opened. */
const viewer = document.querySelector('[data-viewer]');
const listKey = 'photo-list';

if (viewer) {
  const link = (rel) => viewer.querySelector(`a[rel="${rel}"]`);
  const keys = { ArrowLeft: 'prev', ArrowRight: 'next', Escape: 'up' };

  const go = (rel) => {
    const target = link(rel);
    if (!target) return;
    // The browser's own Back returns to the list, at the place it was left.
    if (rel !== 'up') location.replace(target.href);
    else if (history.length > 1 && sessionStorage.getItem(listKey)) history.back();
    else location.assign(target.href);
  };

  document.addEventListener('keydown', (event) => {
    const rel = keys[event.key];
    if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target instanceof Element && event.target.closest('input, textarea, select, video')) return;
    event.preventDefault();
    go(rel);
  });

  viewer.addEventListener('click', (event) => {
    const arrow = event.target instanceof Element ? event.target.closest('a.arrow') : null;
    if (!arrow || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(arrow.rel);
  });
} else {
  addEventListener('pagehide', () => sessionStorage.setItem(listKey, 'seen'));
}
