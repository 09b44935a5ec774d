-- The requests of benches/rest.py: `wrk .. -s rest/requests.lua URL -- ITEM SALT TOKENS`. TOKENS is a file with a token a
-- line: refresh tokens for `refresh`, access tokens for the rest.
local item, salt, tokens, number = "hello", "0", {}, 0

local function headers(has_body)
   local made = { ["Host"] = "bench", ["Accept"] = "application/json" }
   if #tokens > 0 then
      made["Authorization"] = "Bearer " .. tokens[number % #tokens + 1]
   end
   if has_body then
      made["Content-Type"] = "application/json"
   end
   return made
end

local function get(path)
   return wrk.format("GET", path, headers(false))
end

local function send(method, path, body)
   return wrk.format(method, path, headers(true), body)
end

local function article()
   return "/articles/" .. (number * 7919 % 10000 + 1) .. "/"
end

local items = {}

function items.hello()
   return wrk.format("GET", "/hello/", { ["Host"] = "bench", ["Accept"] = "application/json" })
end

function items.latest()
   return get("/latest/")
end

function items.commented()
   return get("/commented/")
end

function items.retrieve()
   return get(article())
end

function items.page()
   return get("/articles/?category=" .. (number % 20 + 1) .. "&published=true&search=7&page=2")
end

function items.create()
   local slug = "new-" .. salt .. "-" .. number
   return send("POST", "/articles/", '{"title":"A new title","slug":"' .. slug
      .. '","body":"Some text, and some more of it, up to a hundred letters or so in all.","category":' .. (number % 20 + 1) .. "}")
end

function items.patch()
   return send("PATCH", article(), '{"title":"A changed title ' .. number .. '"}')
end

function items.invalid()
   return send("POST", "/articles/", '{"title":"","slug":"no slug!","body":"Some text.","category":999999}')
end

items.unauthorized = items.latest

function items.login()
   return send("POST", "/token/", '{"username":"user' .. (number % 100 + 1) .. '","password":"a password of the benchmark"}')
end

-- Each token is good once: what an answer brings is sent in by whoever asks next.
function items.refresh()
   local token = table.remove(tokens) or "none"
   return wrk.format("POST", "/token/refresh/", { ["Host"] = "bench", ["Content-Type"] = "application/json" },
      '{"refresh":"' .. token .. '"}')
end

local mixed = { "latest", "retrieve", "patch", "latest", "retrieve", "create", "latest", "retrieve", "page", "latest" }

function items.mix()
   return items[mixed[number % #mixed + 1]]()
end

function init(args)
   item, salt = args[1], args[2]
   for line in io.lines(args[3]) do
      tokens[#tokens + 1] = line
   end
   if item == "login" then
      tokens = {}
   end
   if item == "refresh" then
      response = function(_, _, body)
         tokens[#tokens + 1] = body:match('"refresh":"([^"]+)"')
      end
   end
end

function request()
   number = number + 1
   return items[item]()
end
