-- One prediction after the other through Gradio's queue: a POST that joins it, a GET that waits for the answer.
-- Needs as many threads as connections: each thread holds one conversation.
local event = nil
local body = '{"data": ["Female", 31, 17, 40]}'
local headers = { ["Content-Type"] = "application/json" }

function request()
  if event then
    return wrk.format("GET", "/gradio_api/call/predict/" .. event)
  end
  return wrk.format("POST", "/gradio_api/call/predict", headers, body)
end

function response(status, _, text)
  if event then
    event = nil
  else
    event = string.match(text, '"event_id"%s*:%s*"([^"]+)"')
  end
end
