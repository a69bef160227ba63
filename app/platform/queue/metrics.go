package queue

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// taskMetrics counts what this process has run.
type taskMetrics struct {
	ended *prometheus.CounterVec
	took  *prometheus.HistogramVec
}

func newTaskMetrics(reg prometheus.Registerer) taskMetrics {
	m := taskMetrics{
		ended: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vitrine_tasks_total", Help: "Attempts of tasks by subscriber and outcome."}, []string{"subscriber", "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vitrine_task_seconds", Help: "Duration of attempts by subscriber.",
			Buckets: []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800},
		}, []string{"subscriber"}),
	}
	reg.MustRegister(m.ended, m.took)
	return m
}

func (m taskMetrics) observe(subscriber string, end outcome, took time.Duration) {
	m.ended.WithLabelValues(subscriber, string(end)).Inc()
	m.took.WithLabelValues(subscriber).Observe(took.Seconds())
}

// Depths shows the statistics of a queue as metrics, counted when they are
// read. Register it in one process role at least; more do no harm.
func Depths(q Queue) prometheus.Collector { return depths{q} }

type depths struct{ queue Queue }

var (
	outboxUnsent  = prometheus.NewDesc("vitrine_outbox_unsent", "Events that are committed and not sent yet.", nil, nil)
	outboxOldest  = prometheus.NewDesc("vitrine_outbox_oldest_seconds", "Age of the oldest event that is not sent yet.", nil, nil)
	queueTasks    = prometheus.NewDesc("vitrine_queue_tasks", "Tasks by queue: due, waiting for a later attempt, dead.", []string{"queue", "state"}, nil)
	queueOldest   = prometheus.NewDesc("vitrine_queue_oldest_seconds", "How long the oldest due task has been due.", []string{"queue"}, nil)
	queueReadable = prometheus.NewDesc("vitrine_queue_readable", "1 when the queue could be counted; without it the other figures are missing.", nil, nil)
)

func (depths) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{outboxUnsent, outboxOldest, queueTasks, queueOldest, queueReadable} {
		to <- d
	}
}

func (d depths) Collect(to chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, labels...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	s, err := d.queue.Stats(ctx)
	if err != nil {
		gauge(queueReadable, 0)
		return
	}
	gauge(queueReadable, 1)
	gauge(outboxUnsent, float64(s.Outbox.Due))
	gauge(outboxOldest, s.Outbox.Oldest.Seconds())
	for _, q := range s.Queues {
		gauge(queueTasks, float64(q.Due), q.Name, "due")
		gauge(queueTasks, float64(q.Later), q.Name, "later")
		gauge(queueTasks, float64(q.Dead), q.Name, "dead")
		gauge(queueOldest, q.Oldest.Seconds(), q.Name)
	}
}
