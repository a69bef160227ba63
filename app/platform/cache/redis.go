package cache

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"vitrine/app/platform/id"
)

// The questions that a process asks Redis at once. Sessions and limits need its
// connections, too. Readers wait turnTime for their turn at most, and go on
// without Redis then; those who make a value or void some do not stand in their
// queue.
const (
	readers  = 12
	writers  = 4
	turnTime = 100 * time.Millisecond
	longTime = time.Second
)

var errBusy = errors.New("redis is asked too much at once")

// turn lets so many at once through.
type turn struct {
	places chan struct{}
	wait   time.Duration
}

func newTurn(places int, wait time.Duration) turn { return turn{make(chan struct{}, places), wait} }

func (t turn) take(ctx context.Context) error {
	select {
	case t.places <- struct{}{}:
		return nil
	default:
	}
	late := time.NewTimer(t.wait)
	defer late.Stop()
	select {
	case t.places <- struct{}{}:
		return nil
	case <-late.C:
		return errBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ask runs a script about a key when it has a turn.
func (c *Cache) ask(ctx context.Context, t turn, s *redis.Script, key string, args ...any) *redis.Cmd {
	if err := t.take(ctx); err != nil {
		cmd := redis.NewCmd(ctx)
		cmd.SetErr(err)
		return cmd
	}
	defer func() { <-t.places }()
	return c.run(ctx, s, key, args...)
}

// begin makes void what lay in Redis before this process gives anything out. It
// cannot know who has changed something meanwhile and told nobody: the cache may
// have been off for a while, for one process or for all.
func (c *Cache) begin(ctx context.Context) error {
	if c.conf.Kind != KindRedis || c.begun.Load() {
		return nil
	}
	if err := c.beginning.take(ctx); err != nil {
		return err
	}
	defer func() { <-c.beginning.places }()
	if c.begun.Load() {
		return nil
	}
	if err := c.Forget(ctx); err != nil {
		return err
	}
	c.begun.Store(true)
	return nil
}

// recognise makes all values void when a connection leads to another Redis than the
// one that they were kept in: one that was started anew has read what it knows from
// a disk, where the last invalidations may be missing, and so has a replica that
// took the place of the first. It is asked before the connection is used; a Redis
// that does not say who it is, is taken for the same.
func (c *Cache) recognise(ctx context.Context, conn *redis.Conn) error {
	said, err := conn.Info(ctx, "server").Result()
	switch answer := redis.Error(nil); {
	case errors.As(err, &answer):
		return nil
	case err != nil:
		return err
	}
	for line := range strings.Lines(said) {
		if run, is := strings.CutPrefix(strings.TrimSpace(line), "run_id:"); is {
			return settle.Run(ctx, conn, []string{clockKey, "", ""}, id.Public(), run).Err()
		}
	}
	return nil
}

// none is how old a value may be of which anything has changed, where only what is
// exact is asked for: not even as young as it can be.
const none = -time.Millisecond

// lasting is time for what has to be said to Redis even if whoever asked is gone,
// or the time for making a value is over.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 2*longTime)
}

func (c *Cache) run(ctx context.Context, s *redis.Script, key string, args ...any) *redis.Cmd {
	keys := []string{clockKey, valueOf + key, lockOf + key}
	return s.Run(ctx, c.conf.Redis, keys, append([]any{id.Public()}, args...)...)
}

// found is what Redis knows of a key.
type found struct {
	hit    bool
	broken bool // something is kept that is no value
	mine   bool // this process makes it
	body   []byte
	age    time.Duration
	epoch  string
	tick   int64
	at     int64 // when it was looked, in ms, as Redis says
}

// look finds a value, or the reading of the clock for who makes it. With a name
// it tries to be the one who does. A value of which something has changed that may
// be late is found as long as that lasts, unless only what is exact is asked for.
func (c *Cache) look(ctx context.Context, key, name string, exact bool) (f found, err error) {
	slack, loose := slackTime, looseTime
	if exact {
		slack, loose = none, none
	}
	as := c.reading
	if name != "" {
		as = c.writing
	}
	if err := c.begin(ctx); err != nil {
		return f, err
	}
	is, err := c.ask(ctx, as, find, key, name, c.lease().Milliseconds(), slack.Milliseconds(), loose.Milliseconds()).Slice()
	if err != nil {
		return f, err
	}
	if len(is) != 5 {
		return f, errAnswer
	}
	hit, ok := is[0].(int64)
	epoch, okToo := is[1].(string)
	tick, okThree := is[2].(int64)
	if !ok || !okToo || !okThree {
		return f, errAnswer
	}
	f.epoch, f.tick = epoch, tick
	if hit == 0 {
		mine, _ := is[3].(int64)
		f.mine = mine == 1
		f.at, _ = is[4].(int64)
		return f, nil
	}
	sealed, _ := is[3].(string)
	if f.body, f.hit = open(sealed); !f.hit {
		f.broken = true
		return f, nil
	}
	age, _ := is[4].(int64)
	f.age = max(0, time.Duration(age)*time.Millisecond)
	return f, nil
}

// lease is how long others leave a value to who makes it: a process that dies
// while it does must not be waited for again and again.
func (c *Cache) lease() time.Duration { return max(2*c.conf.Lock, 50*time.Millisecond) }

// keep leaves a value for others, and tells whether it was right to, or was refused
// since something had changed or been kept meanwhile.
func (c *Cache) keep(ctx context.Context, key string, f found, name string, m Made) (right, refused bool) {
	if m.Class <= 0 || len(m.Body) > MaxBody || len(m.Subjects) > MaxSubjects {
		c.release(ctx, key, name)
		return false, false
	}
	live := time.Duration(m.Class)
	live -= rand.N(live/10 + 1) //nolint:gosec // no secret
	args := append([]any{name, f.epoch, f.tick, live.Milliseconds(), f.at, seal(m.Body)}, texts(m.Subjects)...)
	ctx, cancel := lasting(ctx)
	defer cancel()
	kept, err := c.ask(ctx, c.writing, put, key, args...).Int64()
	if err != nil {
		return false, false
	}
	if kept == 0 {
		c.meters.refused.Inc()
	}
	return kept == 1, kept == 0
}

// release lets others make the value.
func (c *Cache) release(ctx context.Context, key, name string) {
	if name != "" {
		ctx, cancel := lasting(ctx)
		defer cancel()
		_ = c.ask(ctx, c.writing, release, key, name).Err() // or they wait until it runs out
	}
}

// seal puts a checksum before a value, open takes it off again: what is not whole
// is given to nobody.
func seal(body []byte) []byte {
	out := make([]byte, 4, 4+len(body))
	binary.BigEndian.PutUint32(out, crc32.ChecksumIEEE(body))
	return append(out, body...)
}

func open(sealed string) (body []byte, whole bool) {
	if len(sealed) < 4 {
		return nil, false
	}
	raw := []byte(sealed)
	return raw[4:], binary.BigEndian.Uint32(raw) == crc32.ChecksumIEEE(raw[4:])
}
