package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
)

// How the hub stands with Redis.
const (
	// turns is how many questions are asked at once: when all pages wake together,
	// they must not use up the connections of everybody else.
	turns = 8
	// pulse is how long the channel may be silent before it is asked whether it
	// still stands, and how long the answer may take.
	pulse = time.Second
	// skew is by how much the clocks of processes may differ.
	skew = time.Minute
)

// redisHub keeps what members were told in Redis, and hears on one channel who
// was told something, by whichever process. See the scripts for what lies there.
//
// A message that could not be told, since Redis was away, leaves no trace in it.
// So whoever failed to tell one makes everybody ask for everything once Redis is
// back.
type redisHub struct {
	Config
	newest atomic.Int64 // the newest id that this process has heard of
	untold atomic.Bool  // somebody was not told something
	turn   chan struct{}
	count  *prometheus.CounterVec
	end    context.CancelFunc
	ended  chan struct{}

	mu       sync.Mutex
	watchers map[uuid.UUID][]chan struct{}
}

// openRedis waits for nobody: commands that tell nobody anything open a hub, too.
// Until the line stands, a page goes on from a minute ago.
func openRedis(c Config) *redisHub {
	ctx, end := context.WithCancel(context.Background())
	h := &redisHub{Config: c, turn: make(chan struct{}, turns), count: newTold(c.Metrics), end: end, ended: make(chan struct{}), watchers: map[uuid.UUID][]chan struct{}{}}
	go h.run(ctx)
	return h
}

// Close implements Hub.
func (h *redisHub) Close() error {
	h.end()
	<-h.ended
	return nil
}

// now is what the scripts take for the time: never before what was heard of.
func (h *redisHub) now() int64 { return max(h.Clock().UnixMicro(), h.newest.Load()) }

func (h *redisHub) heard(id int64) {
	for {
		before := h.newest.Load()
		if id <= before || h.newest.CompareAndSwap(before, id) {
			return
		}
	}
}

// Position implements Hub. What is told from now on, by whichever process, gets
// an id beyond the newest that is known, and beyond the time as the slowest clock
// shows it.
func (h *redisHub) Position() string {
	return position(max(h.newest.Load(), h.Clock().Add(-skew).UnixMicro()))
}

// ask runs a script when it has a turn.
func (h *redisHub) ask(ctx context.Context, s *redis.Script, member string, args ...any) *redis.Cmd {
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		cmd := redis.NewCmd(ctx)
		cmd.SetErr(ctx.Err())
		return cmd
	}
	return s.Run(ctx, h.Redis, []string{clockKey, ofMember + member}, append([]any{h.now(), h.Keep.Microseconds()}, args...)...)
}

// Publish implements Publisher.
func (h *redisHub) Publish(ctx context.Context, member uuid.UUID, kind string, data any) error {
	encoded, err := encode(kind, data)
	if err != nil {
		return err
	}
	id, err := h.ask(ctx, tell, member.String(), h.Depth, member.String(), kind+" "+string(encoded)).Int64()
	if err != nil {
		h.untold.Store(true)
		h.count.WithLabelValues(hasNot).Inc()
		return fmt.Errorf("the live message %q could not be told: %w", kind, err)
	}
	h.count.WithLabelValues(hasTold).Inc()
	h.heard(id)
	return nil
}

// Since implements Hub.
func (h *redisHub) Since(ctx context.Context, member uuid.UUID, after string) (Batch, error) {
	from, err := strconv.ParseInt(after, 10, 64)
	if err != nil {
		from = -1
	}
	answer, err := h.ask(ctx, since, member.String(), from).Slice()
	if err != nil {
		return Batch{}, fmt.Errorf("what a member was told is not known: %w", err)
	}
	out, last, err := read(answer)
	if errors.Is(err, errGarbage) {
		h.untold.Store(true) // other pages cannot know, either
		err = h.Redis.Del(ctx, ofMember+member.String()).Err()
		out.Messages, out.Missed = nil, true
	}
	if err != nil {
		return Batch{}, err
	}
	h.heard(last)
	return out, nil
}

// errAnswer says that something else answers in Redis' place, errGarbage that
// what lies there is not this hub's.
var (
	errAnswer  = errors.New("the answer of Redis about what a member was told cannot be understood")
	errGarbage = errors.New("what a member was told cannot be read")
)

// read takes the answer of the script since apart.
func read(answer []any) (out Batch, last int64, err error) {
	if len(answer) != 3 {
		return out, 0, errAnswer
	}
	last, is := answer[0].(int64)
	missed, isToo := answer[1].(int64)
	told, isAll := answer[2].([]any)
	if !is || !isToo || !isAll {
		return out, 0, errAnswer
	}
	out.Position, out.Missed = position(last), missed != 0
	for _, t := range told {
		m, ok := message(t)
		if !ok {
			return out, last, errGarbage
		}
		out.Messages = append(out.Messages, m)
	}
	return out, last, nil
}

// message reads "id kind data".
func message(t any) (m Message, ok bool) {
	text, is := t.(string)
	parts := strings.SplitN(text, " ", 3)
	if !is || len(parts) != 3 || parts[2] != "" && !json.Valid([]byte(parts[2])) {
		return m, false
	}
	m.ID, m.Kind = parts[0], parts[1]
	if parts[2] != "" {
		m.Data = json.RawMessage(parts[2])
	}
	return m, true
}

// Watch implements Hub.
func (h *redisHub) Watch(member uuid.UUID) (<-chan struct{}, func()) {
	w := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers[member] = append(h.watchers[member], w)
	return w, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		theirs := slices.DeleteFunc(h.watchers[member], func(other chan struct{}) bool { return other == w })
		h.watchers[member] = theirs
		if len(theirs) == 0 {
			delete(h.watchers, member)
		}
	}
}

func (h *redisHub) wakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, theirs := range h.watchers {
		for _, w := range theirs {
			wake(w)
		}
	}
}

// run hears the channel, again and again, until the hub is closed.
func (h *redisHub) run(ctx context.Context) {
	defer close(h.ended)
	for ctx.Err() == nil {
		h.hear(ctx)
		h.wakeAll() // who asks now is told that nothing is known
		select {
		case <-ctx.Done():
		case <-time.After(pulse / 2):
		}
	}
}

// hear stays on the channel until it breaks or falls silent.
func (h *redisHub) hear(ctx context.Context) {
	line := h.Redis.Subscribe(ctx, channel)
	defer func() { _ = line.Close() }()
	defer context.AfterFunc(ctx, func() { _ = line.Close() })()
	if _, err := line.ReceiveTimeout(ctx, pulse); err != nil {
		return
	}
	if h.begin(ctx, false) != nil {
		return
	}
	h.wakeAll() // something may have been told before the line stood
	asked, late := false, time.Time{}
	for {
		if h.untold.Load() && time.Since(late) > pulse { // whoever could not be told, can be now
			late = time.Now()
			h.forget(ctx)
		}
		got, err := line.ReceiveTimeout(ctx, pulse)
		switch {
		case err == nil:
			asked = false
			h.announced(got)
		case asked || !isLate(err) || line.Ping(ctx) != nil:
			return
		default:
			asked = true
		}
	}
}

// announced wakes who is named on the channel.
func (h *redisHub) announced(got any) {
	m, is := got.(*redis.Message)
	if !is {
		return
	}
	if m.Payload == everyone {
		h.wakeAll()
		return
	}
	who, id, _ := strings.Cut(m.Payload, " ")
	member, err := uuid.Parse(who)
	if err != nil {
		return
	}
	if n, err := strconv.ParseInt(id, 10, 64); err == nil && n < h.Clock().Add(24*time.Hour).UnixMicro() {
		h.heard(n)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, w := range h.watchers[member] {
		wake(w)
	}
}

// begin learns the position of now; anew, it makes all earlier ones unknown.
func (h *redisHub) begin(ctx context.Context, anew bool) error {
	mark := 0
	if anew {
		mark = 1
	}
	last, err := h.ask(ctx, begin, "", mark).Int64()
	if err == nil {
		h.heard(last)
	}
	return err
}

// forget makes everybody ask for everything, since somebody was not told
// something.
func (h *redisHub) forget(ctx context.Context) {
	h.untold.Store(false)
	if h.begin(ctx, true) != nil {
		h.untold.Store(true)
	}
}

func isLate(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}
