package sessioncache

import "github.com/redis/go-redis/v9"

const (
	personLength = 36 // of a UUID's text
	wordLength   = 16 // 80 bits
)

// An entry in Redis is its person's id, the word that the person's key held when
// it was kept, and what was sealed. The lengths stand in the scripts, too.

// recall gives the generation, and the entry when the word in it still is that of
// its person.
var recall = redis.NewScript(`
local generation = redis.call('GET', KEYS[2])
if not generation then
	generation = ARGV[2]
	redis.call('SET', KEYS[2], generation)
end
local entry = redis.call('GET', KEYS[1])
if entry and #entry > 52 and redis.call('GET', ARGV[1] .. string.sub(entry, 1, 36)) == string.sub(entry, 37, 52) then
	return {generation, entry}
end
return {generation}
`)

// keep keeps an entry, unless something was dropped since its generation, or
// Redis has lost it.
var keep = redis.NewScript(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local word = redis.call('GET', KEYS[3])
if not word or #word ~= 16 then word = ARGV[2] end
redis.call('SET', KEYS[3], word, 'PX', ARGV[6])
redis.call('SET', KEYS[1], ARGV[3] .. word .. ARGV[4], 'PX', ARGV[5])
return 1
`)

// drop begins a generation and deletes keys of people and of entries.
var drop = redis.NewScript(`
redis.call('SET', KEYS[1], ARGV[1])
redis.call('DEL', unpack(KEYS, 2))
return 1
`)
