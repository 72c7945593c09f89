/**
 * An answer without what was asked for, as of a server that is away or of a proxy before it, takes no place: what is shown
 * stays, and what looks again goes on. Who pressed a button is told.
 */
document.addEventListener('htmx:before:swap', (event) => {
  const { ctx, tasks } = event.detail;
  const main = tasks.find(({ type }) => type === 'main');
  // The pages' own errors always say what is to be selected.
  const lacks = ctx.select ? !main?.fragment.hasChildNodes() : ctx.response?.status >= 500;
  if (!lacks) return;
  event.preventDefault();
  if (ctx.request.method === 'GET') return;
  const told = ctx.sourceElement.querySelector('.unanswered') ?? document.createElement('p');
  told.className = 'problem unanswered';
  told.role = 'alert';
  told.textContent = 'This was not answered. Look whether it was done before you try again.';
  ctx.sourceElement.append(told);
});
