package live

import "github.com/redis/go-redis/v9"

// What the hub keeps in Redis:
//
//	live:clock        a hash: last is the newest id that was given; positions before
//	                  born are of another time, of which nothing is known
//	live:of:<member>  a sorted set: what the member was told, by id, as "id kind data";
//	                  its empty element stands where all that is known begins
//
// Ids are microseconds of the processes' clocks, made to rise by last, so a clock
// that is wrong gives none twice. Whatever is found in a key that is not ours is
// thrown away: then nothing is known, and pages are told so.
const (
	clockKey = "live:clock"
	ofMember = "live:of:"
	channel  = "live"
	everyone = "*" // on the channel: all pages must ask
)

// beginning reads the clock. ARGV: now and keep in µs.
const beginning = `
local now, keep = tonumber(ARGV[1]), tonumber(ARGV[2])
local function only(key, type)
  local is = redis.call('TYPE', key).ok
  return (is == type or is == 'none') or redis.call('DEL', key) == 0
end
only(KEYS[1], 'hash')
local last = tonumber(redis.call('HGET', KEYS[1], 'last') or '')
local born = tonumber(redis.call('HGET', KEYS[1], 'born') or '')
if not last or not born or last > now + 86400000000 then
  last, born = now, now
end
local function keepClock()
  redis.call('HSET', KEYS[1], 'last', string.format('%.0f', last), 'born', string.format('%.0f', born))
end
local function floor()
  if not only(KEYS[2], 'zset') then born = math.max(last, now) end
  local begins = redis.call('ZSCORE', KEYS[2], '')
  local newest = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2]
  if begins and tonumber(newest) >= now - keep then
    return math.max(born, tonumber(begins))
  end
  redis.call('DEL', KEYS[2])
  return math.max(born, now - keep)
end
`

// tell gives a message an id, remembers it and announces it. ARGV beyond the
// beginning's: depth, member, "kind data". What was told before all that is known
// begins goes, and what is beyond the depth; so the empty element always comes
// first. Redis forgets a member some time after the hub would.
var tell = redis.NewScript(beginning + `
local from = floor()
last = math.max(last + 1, now)
keepClock()
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('(%.0f', from))
redis.call('ZADD', KEYS[2], from, '', last, string.format('%.0f ', last) .. ARGV[5])
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[3]) - 1
if over > 0 then
  from = redis.call('ZRANGE', KEYS[2], over, over, 'WITHSCORES')[2]
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, over)
  redis.call('ZADD', KEYS[2], from, '')
end
redis.call('PEXPIRE', KEYS[2], math.ceil(keep / 500))
redis.call('PUBLISH', '` + channel + `', ARGV[4] .. string.format(' %.0f', last))
return last
`)

// since gives the position of now, whether something was missed, and what came
// after a position. ARGV beyond the beginning's: the position.
var since = redis.NewScript(beginning + `
local after, from = tonumber(ARGV[3]), floor()
last = math.max(last, now)
keepClock()
if after < from or after > last then return {last, 1, {}} end
return {last, 0, redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[3], '+inf')}
`)

// begin gives the position of now. With a third argument of 1 nothing of before
// is known any more: somebody could not be told something.
var begin = redis.NewScript(beginning + `
last = math.max(last, now)
if ARGV[3] == '1' then
  last = last + 1
  born = last
end
keepClock()
if ARGV[3] == '1' then redis.call('PUBLISH', '` + channel + `', '` + everyone + `') end
return last
`)
