-- The last posts of an author, another one each time.
local number = 0

request = function()
   number = number + 1
   return wrk.format("GET", "/posts/" .. (number * 37 % 100))
end
