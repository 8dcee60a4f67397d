-- For wrk: ten thousand files, one after the other.

local FILES = 10000
local requests = {}
local last = 0

function init()
  for i = 0, FILES - 1 do
    requests[i] = wrk.format("GET", "/many/" .. i)
  end
end

function request()
  last = (last + 1) % FILES
  return requests[last]
end
