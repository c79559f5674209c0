package telemetry

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/turnwise/turnwise/internal/analysis/inference"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

const namespace = "turnwise"

// Metrics records what a process does. A nil *Metrics records nothing.
type Metrics struct {
	jobMetrics
	accountMetrics
	laneMetrics
	webhookMetrics
	modelMetrics
	httpMetrics
	processMetrics
	redisMetrics
}

// New returns the metrics, registered with reg and all at zero. It panics if
// reg has them already, as two calls for one registry are a mistake in the
// program.
func New(reg prometheus.Registerer) *Metrics {
	f := promauto.With(reg)
	return &Metrics{
		jobMetrics:     newJobMetrics(f),
		accountMetrics: newAccountMetrics(f),
		laneMetrics:    newLaneMetrics(f),
		webhookMetrics: newWebhookMetrics(f),
		modelMetrics:   newModelMetrics(f),
		httpMetrics:    newHTTPMetrics(f),
		processMetrics: newProcessMetrics(f),
		redisMetrics:   newRedisMetrics(f),
	}
}

type jobMetrics struct {
	submitted prometheus.Counter
	refused   counters[jobs.Limit]
	finished  counters[jobs.Status]
	retries   prometheus.Counter
	wait      prometheus.Histogram
	run       prometheus.Histogram
	endToEnd  prometheus.Histogram
}

func newJobMetrics(f promauto.Factory) jobMetrics {
	return jobMetrics{
		submitted: f.NewCounter(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "jobs_submitted_total",
			Help:      "Jobs accepted by this process.",
		}),
		refused: newCounters(f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "jobs_refused_total",
			Help:      "Submissions that this process answered 429 because of the number of unfinished jobs, by the setting whose limit was reached.",
		}, []string{"limit"}), jobs.AllLimits()),
		finished: newCounters(f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "jobs_finished_total",
			Help:      "Jobs that this process brought to an end, by final status.",
		}, []string{"status"}), finalStatuses()),
		retries: f.NewCounter(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "job_retries_total",
			Help:      "Attempts at a job that ended without effect and will be repeated.",
		}),
		wait: f.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace,
			Name:      "job_queue_wait_seconds",
			Help:      "Time from the acceptance of a job to the start of its run.",
			Buckets:   minutes(),
		}),
		run: f.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace,
			Name:      "job_run_seconds",
			Help:      "Time that the run which ended a job took.",
			Buckets:   minutes(),
		}),
		endToEnd: f.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace,
			Name:      "job_end_to_end_seconds",
			Help:      "Time from the acceptance of a job to its end.",
			Buckets:   minutes(),
		}),
	}
}

type laneMetrics struct {
	inFlight     map[lane.Kind]prometheus.Gauge
	claims       map[grant]counters[lane.Kind]
	staleCommits counters[lane.Kind]
	mended       counters[lane.Kind]
	sweeperFinds counters[lane.Kind]
	drainPanics  counters[lane.Kind]
	rings        map[via]counters[lane.Kind]
}

func newLaneMetrics(f promauto.Factory) laneMetrics {
	kinds := lane.Kinds()
	inFlight := f.NewGaugeVec(prometheus.GaugeOpts{
		Namespace: namespace,
		Name:      "lanes_in_flight",
		Help:      "Lanes that this process works right now, by kind of lane.",
	}, []string{"lane"})
	claims := f.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace,
		Name:      "claims_total",
		Help:      "Claims asked for, by kind of lane and by outcome: granted, or refused because no lane was due.",
	}, []string{"outcome", "lane"})
	rings := f.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace,
		Name:      "rings_total",
		Help: "Wake-ups for a shard, by kind of lane and by way: inside the process (local), " +
			"through asynq, not needed since one waits there (waiting), or not at all (failed).",
	}, []string{"via", "lane"})
	return laneMetrics{
		inFlight: newGauges(inFlight, kinds),
		claims:   newCountersBy(claims, grants(), kinds),
		rings:    newCountersBy(rings, vias(), kinds),
		staleCommits: newCounters(f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "stale_commits_refused_total",
			Help:      "Changes refused because the claim they came under had been lost, by kind of lane.",
		}, []string{"lane"}), kinds),
		mended: newCounters(f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "lanes_mended_total",
			Help:      "Lanes that were incomplete in Redis, because keys were gone, and were ended or go on without them, by kind of lane.",
		}, []string{"lane"}), kinds),
		sweeperFinds: newCounters(f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "sweeper_finds_total",
			Help:      "Shards in which the sweeper found a lane due that no wake-up was on its way for, by kind of lane.",
		}, []string{"lane"}), kinds),
		drainPanics: newCounters(f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "drain_panics_total",
			Help:      "Panics while lanes were worked, by kind of lane. Each is a fault in Turnwise; the log has the stack.",
		}, []string{"lane"}), kinds),
	}
}

type webhookMetrics struct {
	attempts map[webhook.Outcome]counters[answer]
	attempt  prometheus.Histogram
	phases   map[phase]prometheus.Observer
	delivery prometheus.Histogram
	lag      prometheus.Histogram
	withheld prometheus.Counter
}

func newWebhookMetrics(f promauto.Factory) webhookMetrics {
	attempts := f.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace,
		Name:      "webhook_attempts_total",
		Help: "Attempts to deliver a webhook, by outcome: delivered, retry (it will be tried again) or dead (given up); " +
			"and by class of the status code of the answer, none if there was no answer.",
	}, []string{"outcome", "code"})
	phaseSeconds := f.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: namespace,
		Name:      "webhook_phase_seconds",
		Help: "Time of the phases of an attempt to deliver a webhook: the look-up of the name (dns), the connection (connect) and TLS (tls), " +
			"where no connection was there; and from the start to the first byte of the answer (first_byte).",
		Buckets: minutes(),
	}, []string{"phase"})
	return webhookMetrics{
		attempts: newCountersBy(attempts, webhook.Outcomes(), answers()),
		phases:   newObservers(phaseSeconds, phases()),
		attempt: f.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace,
			Name:      "webhook_attempt_seconds",
			Help:      "Time that one attempt to deliver a webhook took.",
			Buckets:   minutes(),
		}),
		delivery: f.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace,
			Name:      "webhook_delivery_seconds",
			Help:      "Time from a change of a job's status to the 2xx of its receiver.",
			Buckets:   days(),
		}),
		lag: f.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace,
			Name:      "webhook_lag_seconds",
			Help:      "Time by which an attempt to deliver a webhook began later than it was due.",
			Buckets:   minutes(),
		}),
		withheld: f.NewCounter(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "webhook_withheld_total",
			Help:      "Attempts to deliver a webhook at which nothing was sent, because this process does not know the account's secret.",
		}),
	}
}

type modelMetrics struct {
	calls map[inference.Kind]counters[inference.Outcome]
	call  map[inference.Kind]prometheus.Observer
}

func newModelMetrics(f promauto.Factory) modelMetrics {
	calls := f.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace,
		Name:      "model_calls_total",
		Help:      "Calls of the model server, by kind (embed or chat) and by outcome; all but ok mean that somebody went on without the model.",
	}, []string{"kind", "outcome"})
	seconds := f.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: namespace,
		Name:      "model_call_seconds",
		Help:      "Time that a call of the model server took with the wait for its turn, by kind.",
		Buckets:   minutes(),
	}, []string{"kind"})
	return modelMetrics{
		calls: newCountersBy(calls, inference.Kinds(), inference.Outcomes()),
		call:  newObservers(seconds, inference.Kinds()),
	}
}

type httpMetrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	routes   *routes
	guesses  counters[guessed]
}

func newHTTPMetrics(f promauto.Factory) httpMetrics {
	m := httpMetrics{
		requests: f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "http_requests_total",
			Help:      "Requests answered by the API, by route, method and class of the status code.",
		}, []string{"route", "method", "code"}),
		seconds: f.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace,
			Name:      "http_request_seconds",
			Help:      "Time that the API took to answer, by route.",
			Buckets:   minutes(),
		}, []string{"route"}),
		routes: newRoutes(),
		guesses: newCounters(f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "guesses_slowed_total",
			Help:      "Requests with an application's secret that were refused unread, by what had too many wrong ones before: the application or the address.",
		}, []string{"by"}), guesseds()),
	}
	m.prepare(operation{route: other, method: other})
	return m
}

// The metrics that are read from Redis at the scrape, see [RegisterLanes].
type lanesDescs struct {
	up, pending, oldest, silent, endpoints *prometheus.Desc
}

func newLanesDescs() lanesDescs {
	return lanesDescs{
		up: prometheus.NewDesc(namespace+"_redis_up",
			"1 if Redis answered at this scrape, of a Cluster any of it, else 0; then what is read from it is absent.", nil, nil),
		silent: prometheus.NewDesc(namespace+"_shards_silent",
			"Shards that did not answer at this scrape, and whose lanes are missing from it: those of a master of a Cluster that is away.", nil, nil),
		pending: prometheus.NewDesc(namespace+"_lanes_pending",
			"Lanes with work, due now or later, by kind of lane. From Redis: the same from every process.", []string{"lane"}, nil),
		oldest: prometheus.NewDesc(namespace+"_lane_oldest_due_age_seconds",
			"For how long the lane that has been due longest is due, by kind of lane, but for webhooks to receivers that are not to be asked. From Redis: the same from every process.", []string{"lane"}, nil),
		endpoints: prometheus.NewDesc(namespace+"_webhook_endpoints",
			"Endpoints of webhooks that are not simply asked, each counted in each shard, by state: open (it does not answer), half_open (it is to be probed), "+
				"held (it asked to be left alone) or paused (by an operator). From Redis: the same from every process.", []string{"state"}, nil),
	}
}

// minutes are the buckets for what should take milliseconds and may take
// minutes.
func minutes() []float64 {
	return []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}
}

// days are the buckets for what should take milliseconds and may take the
// days for which a webhook is tried again.
func days() []float64 {
	return slices.Concat(minutes(), []float64{1800, 3600, 6 * 3600, 24 * 3600, 72 * 3600})
}

func finalStatuses() []jobs.Status {
	return slices.DeleteFunc(jobs.Statuses(), func(s jobs.Status) bool { return !s.Final() })
}
