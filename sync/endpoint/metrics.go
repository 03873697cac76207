package endpoint

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
)

// Metrics are central's figures for Prometheus, by its own client library. Their labels are routes, methods, states and statuses: never
// a person, a device or a study, and never more of them than the code has.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	bytes    *prometheus.CounterVec
	records  *prometheus.CounterVec
}

// NewMetrics makes the figures of one central. version is the program's own.
func NewMetrics(store centralstore.Store, version string, logger *slog.Logger) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parvis_requests_total", Help: "Requests answered, by route, method and status.",
		}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parvis_request_seconds", Help: "Time from a request's header to its answer, by route.", Buckets: prometheus.ExponentialBuckets(0.001, 4, 9),
		}, []string{"route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "parvis_requests_in_flight", Help: "Requests being answered."}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parvis_body_bytes_total", Help: "Bytes of bodies as they crossed the network, by direction.",
		}, []string{"direction"}),
		records: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parvis_records_total", Help: "Records that devices delivered, by what became of them.",
		}, []string{"status"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "parvis_build_info", Help: "1, with the program's version.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	for _, status := range []delivery.Status{delivery.Received, delivery.Duplicate, delivery.Quarantined} {
		m.records.WithLabelValues(string(status))
	}
	m.registry.MustRegister(m.requests, m.seconds, m.inFlight, m.bytes, m.records, build, newVitals(store, logger),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers Prometheus. It asks nobody who they are: it belongs on a listener of its own.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 30 * time.Second})
}

// began and ended count a call. A nil Metrics counts nothing.
func (m *Metrics) began() {
	if m != nil {
		m.inFlight.Inc()
	}
}

func (m *Metrics) ended(route, method string, status int, in, out int64, took time.Duration) {
	if m == nil {
		return
	}
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead:
	default:
		method = "other"
	}
	m.inFlight.Dec()
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
	m.bytes.WithLabelValues("in").Add(float64(in))
	m.bytes.WithLabelValues("out").Add(float64(out))
}

func (m *Metrics) received(receipts []delivery.Receipt) {
	if m == nil {
		return
	}
	for _, r := range receipts {
		m.records.WithLabelValues(string(r.Status)).Inc()
	}
}

// vitals asks the store when Prometheus asks.
type vitals struct {
	store  centralstore.Store
	logger *slog.Logger
	up     *prometheus.Desc
	all    []vital
}

type vital struct {
	desc *prometheus.Desc
	of   func(centralstore.Vitals) float64
}

func newVitals(store centralstore.Store, logger *slog.Logger) *vitals {
	gauge := func(name, help string, of func(centralstore.Vitals) float64) vital {
		return vital{prometheus.NewDesc(name, help, nil, nil), of}
	}
	return &vitals{
		store: store, logger: logger, up: prometheus.NewDesc("parvis_store_up", "1 where the database answered.", nil, nil),
		all: []vital{
			gauge("parvis_interviews", "Interviews held, over all studies.", func(v centralstore.Vitals) float64 { return float64(v.Interviews) }),
			gauge("parvis_quarantine_open", "Records that wait for a person's decision.", func(v centralstore.Vitals) float64 { return float64(v.Quarantined) }),
			gauge("parvis_devices_seen_hour", "Devices that were here within the last hour.", func(v centralstore.Vitals) float64 { return float64(v.SeenLately) }),
			gauge("parvis_records_missing", "Records that devices have made and not delivered yet.", func(v centralstore.Vitals) float64 { return float64(v.Missing) }),
			gauge("parvis_database_connections_in_use", "Connections to PostgreSQL in use.", func(v centralstore.Vitals) float64 { return float64(v.Pool.InUse) }),
			gauge("parvis_database_waits", "How often a call waited for a connection to PostgreSQL.", func(v centralstore.Vitals) float64 { return float64(v.Pool.WaitCount) }),
		},
	}
}

// Describe implements prometheus.Collector.
func (v *vitals) Describe(out chan<- *prometheus.Desc) {
	out <- v.up
	for _, one := range v.all {
		out <- one.desc
	}
}

// mostAsking is how long the database may take for the figures.
const mostAsking = 10 * time.Second

// Collect implements prometheus.Collector.
func (v *vitals) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), mostAsking)
	defer cancel()
	now, err := v.store.Vitals(ctx)
	if err != nil {
		v.logger.Warn("the database did not give its figures", "cause", err.Error())
		out <- prometheus.MustNewConstMetric(v.up, prometheus.GaugeValue, 0)
		return
	}
	out <- prometheus.MustNewConstMetric(v.up, prometheus.GaugeValue, 1)
	for _, one := range v.all {
		out <- prometheus.MustNewConstMetric(one.desc, prometheus.GaugeValue, one.of(now))
	}
}

// counted is a body whose bytes are counted as they are read.
type counted struct {
	io.ReadCloser
	n int64
}

// Read implements io.Reader.
func (b *counted) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.n += int64(n)
	return n, err
}
