package endpoint

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
)

// Metrics counts what an endpoint answers, for Prometheus, whose own library it uses. Every label comes from a list of this program's:
// routes, methods and statuses, never a path, a study or a person, so that nobody makes their number grow and nobody is named.
// A nil Metrics counts nothing.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	inFlight prometheus.Gauge
	in, out  prometheus.Counter
	records  *prometheus.CounterVec
}

// MetricsParams is what Metrics needs.
type MetricsParams struct {
	Store   centralstore.Store
	Version string // of the program
}

// namespace begins the name of every metric of this program's own.
const namespace = "parvis_central"

// NewMetrics makes Metrics with a registry of its own.
func NewMetrics(p MetricsParams) *Metrics {
	opts := func(name, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: namespace, Name: name, Help: help}
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts(opts("requests_total", "Requests answered.")), []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: "request_duration_seconds", Help: "How long answering took, the sending of the body included.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"route", "method"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts(opts("requests_in_flight", "Requests being answered."))),
		in:       prometheus.NewCounter(prometheus.CounterOpts(opts("received_bytes_total", "Bytes of bodies received, as they came over the network."))),
		out:      prometheus.NewCounter(prometheus.CounterOpts(opts("sent_bytes_total", "Bytes of bodies sent, as they went over the network."))),
		records:  prometheus.NewCounterVec(prometheus.CounterOpts(opts("records_total", "Records that devices delivered, by what became of them.")), []string{"status"}),
	}
	for _, status := range []delivery.Status{delivery.Received, delivery.Duplicate, delivery.Quarantined} {
		m.records.WithLabelValues(string(status)) // there from the start, so that a first one is seen as a change
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: namespace, Name: "build_info", Help: "1, with the version of the program.", ConstLabels: prometheus.Labels{"version": p.Version},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.took, m.inFlight, m.in, m.out, m.records, build, newStoreMetrics(p.Store),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers a scrape. It asks for no token, so it belongs on an address that only the one who scrapes reaches.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 20 * time.Second})
}

// begin counts a call from its beginning; what it returns is called at the end.
func (m *Metrics) begin(c *call, r route) (end func()) {
	if m == nil {
		return func() {}
	}
	began := time.Now() // of the monotonic clock: durations are the machine's
	m.inFlight.Inc()
	body := &counted{ReadCloser: c.r.Body}
	c.r.Body = body
	method := "other"
	if _, known := r.methods[c.r.Method]; known {
		method = c.r.Method
	}
	return func() {
		m.inFlight.Dec()
		m.requests.WithLabelValues(r.path, method, strconv.Itoa(c.w.status)).Inc()
		m.took.WithLabelValues(r.path, method).Observe(time.Since(began).Seconds())
		m.in.Add(float64(body.n))
		m.out.Add(float64(c.w.bytes))
	}
}

// receipts counts what became of records.
func (m *Metrics) receipts(all []delivery.Receipt) {
	if m == nil {
		return
	}
	for _, status := range []delivery.Status{delivery.Received, delivery.Duplicate, delivery.Quarantined} {
		m.records.WithLabelValues(string(status)).Add(float64(count(all, status)))
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
