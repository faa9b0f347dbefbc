-- Each of the clients asks, waits for the answer, and thinks for a while, twice the mean at most; at the end the quantiles.
local mean = tonumber(os.getenv("THINK_MS"))
local paths = {}
for path in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = path end

function setup(thread) thread:set("seed", 7) end
function init(args) math.randomseed(seed) end
function request() return wrk.format("GET", paths[math.random(#paths)]) end
function delay() return mean == 0 and 0 or math.random(0, 2 * mean) end

function done(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %.3f %.3f %.3f\n", summary.requests, summary.duration, errors + summary.errors.status,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
