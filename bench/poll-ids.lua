-- wrk: GETs in turn the paths listed in the file $IDS.
local requests, at = {}, 0
function init()
  for path in io.lines(os.getenv("IDS")) do requests[#requests + 1] = wrk.format("GET", path) end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
