-- A new post. Its author has no others, so that the lists stay as they are.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"author":1000,"title":"A new title","body":"Some text, and some more of it, up to a hundred letters or so in all."}'
