/** Says times again as they pass, and puts exact ones into the viewer's own zone. */
const steps = [
  ['year', 31557600],
  ['month', 2629800],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
];

function ago(when) {
  const seconds = Math.round((Date.now() - when) / 1000);
  const [unit, size] = steps.find(([, s]) => seconds >= s) ?? [];
  if (!unit) return 'just now';
  const n = Math.floor(seconds / size);
  return `${n.toLocaleString('en')} ${unit}${n === 1 ? '' : 's'} ago`;
}

function refresh() {
  for (const time of document.querySelectorAll('time[data-ago]')) {
    const when = new Date(time.dateTime);
    time.title = when.toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'medium' });
    const text = ago(when.getTime());
    if (time.textContent !== text) time.textContent = text;
  }
  for (const time of document.querySelectorAll('time[data-clock]')) {
    const when = new Date(time.dateTime);
    time.textContent = when.toLocaleTimeString(undefined, { hour12: false });
    time.title = when.toLocaleString();
    delete time.dataset.clock;
  }
}

refresh();
setInterval(refresh, 30_000);
document.addEventListener('htmx:after:swap', refresh);
