-- One row by its key, another one each time.
local number = 0

request = function()
   number = number + 1
   return wrk.format("GET", "/post/" .. (number * 7919 % 10000 + 1))
end
