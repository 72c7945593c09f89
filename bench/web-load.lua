-- Asks the pages that are named on the command line in turn, and says the figures as one line of JSON.
local pages, at = {}, 0

function init(args)
  for i = 1, #args do pages[i] = wrk.format("GET", args[i]) end
end

function request()
  at = at % #pages + 1
  return pages[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"p50": %.3f, "p97_5": %.3f, "p99": %.3f, "max": %.3f, "perSecond": %.1f, "failed": %d}\n',
    latency:percentile(50) / 1000, latency:percentile(97.5) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    summary.requests / summary.duration * 1e6, errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
