-- One prediction after the other, as a plain POST.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}'
