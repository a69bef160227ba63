package e2e

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/redis/go-redis/v9"

	"vitrine/app/platform/child"
	"vitrine/e2e/rig"
)

// alarmed is a 10k topology in use, with a Prometheus that looks at it.
type alarmed struct {
	hall
	watcher  watcher
	owner    *rig.Member
	database string // the owner's URL
	mailAt   string // where the mail server is, when it is
	visitors sync.WaitGroup
	closed   chan struct{}
	asked    atomic.Int64 // sign-ups
	disk     string       // a small one, of the worker
	noDisk   error        // why there is none
}

func newAlarmed(t *testing.T) *alarmed {
	t.Helper()
	port, err := child.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	h := &alarmed{closed: make(chan struct{}), mailAt: fmt.Sprintf("127.0.0.1:%d", port)}
	h.Topology = rig.Up(t, rig.Plan{Tier: "10k", Links: true, Env: []string{"MAIL=smtp", "SMTP_URL=smtp://" + h.mailAt, "LIMIT_DYNAMIC=100000"}})
	h.web = [2]*rig.Server(h.Web())
	h.line = &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	h.database = h.environ(t, "worker-1", "DATABASE_URL")
	work := hang(t, h.site(t))
	h.owner = work.owner
	h.smallDisk(t)
	h.watcher = watchOver(t, h.Topology)
	h.traffic(t, work.path, work.owner.Cookies())
	t.Cleanup(func() {
		close(h.closed)
		h.visitors.Wait()
	})
	h.Eventually(t, "the traffic of what counts as an hour", func() bool {
		for _, n := range h.watcher.values("vitrine:requests:1h > 500") {
			return n != ""
		}
		return false
	})
	var firing map[string]alert
	t.Cleanup(func() {
		for name, a := range firing {
			t.Errorf("%s fires while all is well: %s", name, a.Annotations["summary"])
		}
	})
	h.Eventually(t, "nothing to fire while all is well", func() bool {
		firing = h.watcher.firing(t)
		maps.DeleteFunc(firing, func(name string, _ alert) bool { return slices.Contains(passing, name) })
		return len(firing) == 0
	})
	return h
}

// environ reads what a process was started with.
func (h *alarmed) environ(t *testing.T, process, key string) string {
	t.Helper()
	return environ(t, h.Server(process), key)
}

// environ reads what a server was started with.
func environ(t *testing.T, s *rig.Server, key string) (found string) {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", s.Pid()))
	if err != nil {
		t.Fatal(err)
	}
	for kv := range strings.SplitSeq(string(raw), "\x00") {
		if value, ok := strings.CutPrefix(kv, key+"="); ok {
			found = value // what is last wins
		}
	}
	return found
}

// do runs statements as the owner of the tables.
func (h *alarmed) do(t *testing.T, statements ...string) {
	t.Helper()
	db, err := sql.Open("pgx", h.database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func (h *alarmed) start(t *testing.T, s *rig.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	if err := s.Start(ctx); err != nil {
		t.Fatal(err)
	}
}

// everyConnectionWaits holds a lock that pages need, while a crowd asks for one that
// nobody keeps.
func (h *alarmed) everyConnectionWaits() outage {
	var release func()
	return outage{name: "every connection waits", fires: []string{"ConnectionsExhausted", "RequestsTurnedAway"},
		harm: func(t *testing.T) {
			db, err := sql.Open("pgx", h.database)
			if err != nil {
				t.Fatal(err)
			}
			tx, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.ExecContext(t.Context(), "lock table works in access exclusive mode"); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			var crowd sync.WaitGroup
			for i := range 200 {
				crowd.Go(func() {
					for ctx.Err() == nil {
						if status, _, _ := h.ask(ctx, h.web[i%2], http.MethodGet, "/t/harbour/feed.atom", nil); status == http.StatusServiceUnavailable {
							select { // as a browser that is told when to come back
							case <-ctx.Done():
							case <-time.After(500 * time.Millisecond):
							}
						}
					}
				})
			}
			release = func() {
				cancel()
				_ = tx.Rollback()
				crowd.Wait()
				_ = db.Close()
			}
		},
		mend: func(*testing.T) { release() },
	}
}

func (h *alarmed) noDatabase() outage {
	return outage{name: "no PostgreSQL", fires: []string{"DatabaseAway", "ObjectiveBurnsFast", "ObjectiveBurnsSlowly"},
		harm: func(t *testing.T) {
			if err := h.Postgres.Stop(); err != nil {
				t.Fatal(err)
			}
		},
		mend: func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
			defer cancel()
			if err := h.Postgres.Start(ctx); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func (h *alarmed) noRedis() outage {
	return outage{name: "no Redis", fires: []string{"RedisAway", "FallbackDecides"},
		harm: func(*testing.T) { h.Redis.Kill() },
		mend: func(t *testing.T) { h.start(t, h.Redis) },
	}
}

func (h *alarmed) noStore() outage {
	return outage{name: "the object store hangs", fires: []string{"FilesAway"},
		harm: func(*testing.T) { h.Store.Freeze() },
		mend: func(*testing.T) { h.Store.Thaw() },
	}
}

// taken is a mail server that takes everything.
type taken struct{}

func (taken) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return taken{}, nil }
func (taken) Mail(string, *gosmtp.MailOptions) error          { return nil }
func (taken) Rcpt(string, *gosmtp.RcptOptions) error          { return nil }
func (taken) Reset()                                          {}
func (taken) Logout() error                                   { return nil }
func (taken) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// noMail is a mail server that is not there from the start. People go on signing
// up. Once it is there it stays until the whole test ends: what was refused is
// sent again after a growing wait, and would be refused beside later faults.
func (h *alarmed) noMail(whole *testing.T) outage {
	return outage{name: "no mail server", fires: []string{"MailFails"},
		harm: func(*testing.T) {},
		mend: func(t *testing.T) {
			l, err := net.Listen("tcp", h.mailAt)
			if err != nil {
				t.Fatal(err)
			}
			server := gosmtp.NewServer(taken{})
			go func() { _ = server.Serve(l) }()
			whole.Cleanup(func() { _ = server.Close() })
		},
		meanwhile: h.signUp,
	}
}

func (h *alarmed) signUp(t *testing.T) {
	t.Helper()
	visitor := h.site(t).Visit()
	visitor.Submit(visitor.Get("/signup"), "main form", url.Values{
		"name": {"Ines Okafor"}, "email": {fmt.Sprintf("ines-%d@studio.example", h.asked.Add(1))}, "password": {password},
	})
}

// unreadable is a task whose event its subscriber cannot read, at its last
// attempt.
func (h *alarmed) unreadable() outage {
	return outage{name: "an event that nobody can read", fires: []string{"DeadTasks"},
		harm: func(t *testing.T) {
			h.do(t, `insert into tasks (id, event_id, event, event_at, subscriber, queue, payload, attempts, max_attempts, run_at, created_at)
				values (gen_random_uuid(), gen_random_uuid(), 'works.changed.v1', now(), 'search.index_changed', 'default', '"nonsense"', 7, 8, now(), now())`)
		},
		mend: func(t *testing.T) { h.do(t, "delete from tasks where state = 'dead'") },
	}
}

// smallDisk gives the worker one, if that can be done here.
func (h *alarmed) smallDisk(t *testing.T) {
	t.Helper()
	worker := h.Server("worker-1")
	h.disk = h.environ(t, "worker-1", "DATA_DIR")
	if status, err := worker.Stop(); status != 0 || err != nil {
		t.Fatalf("the worker ended with %d: %v", status, err)
	}
	if h.noDisk = syscall.Mount("tmpfs", h.disk, "tmpfs", 0, "size=16m"); h.noDisk == nil {
		t.Cleanup(func() {
			worker.Kill()
			if err := syscall.Unmount(h.disk, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
	}
	h.start(t, worker)
}

// fullDisk leaves no room where the worker writes.
func (h *alarmed) fullDisk(t *testing.T) outage {
	t.Helper()
	full := filepath.Join(h.disk, "full")
	o := outage{name: "a full disk", fires: []string{"DiskNearlyFull"},
		harm: func(t *testing.T) { // what the worker has there at the moment leaves less room
			if err := os.WriteFile(full, make([]byte, 15<<20), 0o600); err != nil && !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
		},
		mend: func(t *testing.T) {
			if err := os.Remove(full); err != nil {
				t.Error(err)
			}
		},
	}
	if h.noDisk != nil {
		t.Logf("A small file system cannot be mounted here (%v), so a full disk is not tried. Root with CAP_SYS_ADMIN can.", h.noDisk)
		o.fires, o.harm, o.mend = nil, func(*testing.T) {}, func(*testing.T) {}
	}
	return o
}

// noWorker is a worker that died a while ago, with an event and tasks left behind.
func (h *alarmed) noWorker() outage {
	worker := h.Server("worker-1")
	return outage{name: "no worker", fires: []string{"ProcessAway", "OutboxLate", "TasksWait", "MediaWaits"},
		harm: func(t *testing.T) {
			worker.Kill()
			h.do(t, `insert into outbox (id, event, payload, created_at) select gen_random_uuid(), event, payload, now() - interval '1 hour' from outbox where event = 'works.published.v1' limit 1`,
				`insert into tasks (id, event_id, event, event_at, subscriber, queue, payload, max_attempts, run_at, created_at)
				select gen_random_uuid(), o.id, o.event, o.created_at, s.name, s.queue, o.payload, 8, now() - interval '1 hour', now() - interval '1 hour'
				from outbox o, (values ('works.published.v1', 'search.index', 'default'), ('media.accepted.v1', 'media.render', 'media')) s (event, name, queue)
				where o.event = s.event and o.sent_at is not null`)
		},
		mend: func(t *testing.T) { h.start(t, worker) },
	}
}

// waitsForMigration is a web process whose database is older than itself.
func (h *alarmed) waitsForMigration() outage {
	late := h.web[1]
	return outage{name: "a process that waits for a migration", fires: []string{"ProcessNotReady"},
		harm: func(t *testing.T) {
			late.Kill()
			h.do(t, "create table held_back as select * from goose_db_version order by version_id desc limit 1",
				"delete from goose_db_version where id in (select id from held_back)")
			if err := late.Launch(); err != nil {
				t.Fatal(err)
			}
		},
		mend: func(t *testing.T) {
			h.do(t, "insert into goose_db_version overriding system value select * from held_back", "drop table held_back")
			ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
			defer cancel()
			if err := late.AwaitReady(ctx); err != nil {
				t.Fatal(err)
			}
		},
	}
}

// emptiedRedis loses everything again and again.
func (h *alarmed) emptiedRedis() outage {
	var end context.CancelFunc
	return outage{name: "a Redis that is emptied all the time", fires: []string{"CacheHitShareFell"},
		harm: func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			r := redis.NewClient(&redis.Options{Addr: h.Redis.Address, DisableIdentity: true})
			var done sync.WaitGroup
			done.Go(func() {
				tick := time.NewTicker(10 * time.Millisecond)
				defer tick.Stop()
				for {
					select {
					case <-ctx.Done():
						return
					case <-tick.C:
						_ = r.FlushAll(ctx).Err()
					}
				}
			})
			end = func() {
				cancel()
				done.Wait()
				_ = r.Close()
			}
		},
		mend: func(*testing.T) { end() },
	}
}
