-- For wrk: sixteen requests in one piece, and the next sixteen when all answers are there.

local AT_ONCE = 16
local batch

function init()
  batch = wrk.format():rep(AT_ONCE)
end

function request()
  return batch
end
