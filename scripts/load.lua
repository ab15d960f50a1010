-- What wrk sends: questions as JSON, one after the other; and what it says at the end, as one line of JSON.
local questions = {}
local at = 0
local wrong = 0

function init(args)
  math.randomseed(tonumber(args[2] or "1"))
  for line in io.lines(args[1]) do
    questions[#questions + 1] = line
  end
  at = math.random(#questions)
end

function request()
  at = at % #questions + 1
  return wrk.format("POST", "/api/ask", { ["Content-Type"] = "application/json" }, questions[at])
end

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function response(status, headers, body)
  if status ~= 200 or not body:find('"outcome"') or not body:find('"disclaimer"') then
    wrong = wrong + 1
    wrk.thread:set("wrong", wrong)
  end
end

function done(summary, latency)
  local wrong = 0
  for _, thread in ipairs(threads) do
    wrong = wrong + (thread:get("wrong") or 0)
  end
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format(
    '{"answers": %d, "seconds": %.3f, "failed": %d, "wrong": %d, "p50": %.2f, "p95": %.2f, "p99": %.2f}',
    summary.requests, summary.duration / 1e6, failed, wrong,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3
  ))
end
