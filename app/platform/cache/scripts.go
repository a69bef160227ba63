package cache

import "github.com/redis/go-redis/v9"

// What lies in Redis:
//
//	cache:clock         a hash: epoch, tick (the clock), and the run of Redis that it is of
//	cache:of:<key>      a hash: the value (body), when its making began (at, in ms by the clock
//	                    on Redis' wall), its epoch,
//	                    the reading when it was kept (put), and its subjects with their
//	                    tombstones (from)
//	cache:lock:<key>    who makes the value at the moment
//	cache:grave:<subj>  a tombstone, "epoch:reading"
//
// Whatever is found in a key that is not ours counts as nothing.
const (
	clockKey = "cache:clock"
	valueOf  = "cache:of:"
	lockOf   = "cache:lock:"
	graveOf  = "cache:grave:"
)

// clock reads the clock. ARGV[1] is the epoch that begins when there is none.
const clock = `
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then redis.call('DEL', KEYS[1]) end
local shown = redis.call('HMGET', KEYS[1], 'epoch', 'tick')
local epoch, tick = shown[1], tonumber(shown[2] or '')
local function anew()
  epoch, tick = ARGV[1], 0
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'tick', '0')
end
if not epoch or not tick then anew() end
local function move()
  tick = redis.call('HINCRBY', KEYS[1], 'tick', 1)
end
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function mark(subject) return string.sub(subject, 1, 1) end
local function late(subject) return mark(subject) == '` + slackMark + `' or mark(subject) == '` + looseMark + `' end
local function graves(of)
  if #of == 0 then return {} end
  local keys = {}
  for i, subject in ipairs(of) do keys[i] = '` + graveOf + `' .. subject end
  local found = redis.call('MGET', unpack(keys))
  for i = 1, #of do found[i] = found[i] or '' end
  return found
end
`

// find gives a value, or the clock and who may make it. ARGV: the name of who
// would make it (empty: nobody), for how long, in ms, and how long a value stands
// after a subject of a Slack has changed, and of a Loose, in ms since its making
// began. Its first line lets Redis refuse it whenever it refuses writes: it could not have been told
// then what has changed.
var find = redis.NewScript("#!lua" + clock + `
local function value()
  local is = redis.pcall('HMGET', KEYS[2], 'epoch', 'from', 'body', 'at')
  if is.err or is[1] ~= epoch or not is[2] or not is[3] then return nil end
  local ok, from = pcall(cmsgpack.unpack, is[2])
  if not ok or type(from) ~= 'table' or type(from[1]) ~= 'table' or type(from[2]) ~= 'table' then return nil end
  local age = now() - (tonumber(is[4] or '') or 0)
  local stands = {['` + slackMark + `'] = tonumber(ARGV[4]), ['` + looseMark + `'] = tonumber(ARGV[5])}
  for i, grave in ipairs(graves(from[1])) do
    if grave ~= from[2][i] and age > (stands[mark(from[1][i])] or -math.huge) then return nil end
  end
  return is[3], age
end
local body, age = value()
if body then return {1, epoch, tick, body, age} end
local mine = 0
if redis.call('PTTL', KEYS[3]) == -1 then redis.call('DEL', KEYS[3]) end
if ARGV[2] ~= '' and redis.call('SET', KEYS[3], ARGV[2], 'NX', 'PX', ARGV[3]) then mine = 1 end
return {0, epoch, tick, mine, now()}
`)

// put keeps a value that was made since a reading of the clock, if that is right.
// ARGV: name, epoch, reading, ms to live, when it began in ms, body, subjects. A
// subject that may be late and has changed meanwhile leaves the value its time, but it
// is written down as one that has.
var put = redis.NewScript(clock + `
if ARGV[2] ~= '' and redis.pcall('GET', KEYS[3]) == ARGV[2] then redis.call('DEL', KEYS[3]) end
local began = tonumber(ARGV[4])
if ARGV[3] ~= epoch then return 0 end
local subjects = {}
for i = 8, #ARGV do subjects[i - 7] = ARGV[i] end
local found = graves(subjects)
for i, grave in ipairs(found) do
  local of, reading = string.match(grave, '^(.*):(%d+)$')
  if of == epoch and tonumber(reading) > began then
    if not late(subjects[i]) then return 0 end
    found[i] = 'changed'
  end
end
local before = redis.pcall('HMGET', KEYS[2], 'epoch', 'put')
if not before.err and before[1] == epoch and (tonumber(before[2] or '') or 0) > began then return 0 end
move()
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'epoch', epoch, 'put', tick, 'from', cmsgpack.pack({subjects, found}), 'at', ARGV[6], 'body', ARGV[7])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return 1
`)

// release lets others make a value that could not be made. ARGV: name.
var release = redis.NewScript(`
if redis.pcall('GET', KEYS[3]) == ARGV[2] then redis.call('DEL', KEYS[3]) end
return 1
`)

// bury invalidates subjects. ARGV: ms to stand, subjects.
var bury = redis.NewScript(clock + `
move()
for i = 3, #ARGV do
  redis.call('SET', '` + graveOf + `' .. ARGV[i], epoch .. ':' .. string.format('%.0f', tick), 'PX', ARGV[2])
end
return 1
`)

// forget begins a new epoch.
var forget = redis.NewScript(clock + `
anew()
return 1
`)

// settle begins a new epoch when this is another run of Redis than the clock's.
// ARGV: the name of the run.
var settle = redis.NewScript(clock + `
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[2] then
  anew()
  redis.call('HSET', KEYS[1], 'run', ARGV[2])
end
return 1
`)
