-- wrk: GETs in turn the paths listed in the file $IDS, one of $EVERY.
local requests, at = {}, 0
function init()
  local every, line = tonumber(os.getenv("EVERY") or 1), 0
  for path in io.lines(os.getenv("IDS")) do
    if line % every == 0 then requests[#requests + 1] = wrk.format("GET", path) end
    line = line + 1
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
