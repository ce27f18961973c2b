-- One prediction after the other, as a plain POST.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}'

-- A key of the API, if one is given after `--`.
function init(args)
  if args[1] then wrk.headers["Authorization"] = "Bearer " .. args[1] end
end
