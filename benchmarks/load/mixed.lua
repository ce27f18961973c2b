-- Predictions of which every tenth is wrong in one of four ways; counts the statuses that come back.
local good = '{"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}'
local bad = { '{"age": 300}', '{"agee": 30}', '{"age": NaN}', '{"age": ' }
local headers = { ["Content-Type"] = "application/json" }
local sent = 0
local threads = {}
refused, failed, answered = 0, 0, 0

function setup(thread)
  table.insert(threads, thread)
end

function request()
  sent = sent + 1
  local body = good
  if sent % 10 == 0 then
    body = bad[(sent / 10) % 4 + 1]
  end
  return wrk.format("POST", nil, headers, body)
end

function response(status)
  if status == 200 then
    answered = answered + 1
  elseif status < 500 then
    refused = refused + 1
  else
    failed = failed + 1
  end
end

function done()
  local total = { answered = 0, refused = 0, failed = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(total) do
      total[name] = total[name] + thread:get(name)
    end
  end
  print(string.format("statuses: %d answered, %d refused, %d failed", total.answered, total.refused, total.failed))
end
