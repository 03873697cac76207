package endpoint

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parvis/internal/centralstore"
)

// storeMetrics asks the store when it is scraped.
type storeMetrics struct {
	store centralstore.Store

	up, quarantined, devices, missing    *prometheus.Desc
	most, open, inUse, waits, waitedTime *prometheus.Desc
}

// scrapeWait is how long the store may take to count. Prometheus waits ten seconds unless told otherwise.
const scrapeWait = 5 * time.Second

func newStoreMetrics(store centralstore.Store) *storeMetrics {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(namespace+"_"+name, help, labels, nil)
	}
	return &storeMetrics{
		store:       store,
		up:          desc("store_up", "1 where the store can take in what devices send, 0 where it cannot."),
		quarantined: desc("quarantined_records", "Records that wait for a person's decision."),
		devices:     desc("devices_seen", "Devices seen within the last hour."),
		missing:     desc("missing_records", "Records that devices in use have made and that have not arrived."),
		most:        desc("database_connections_max", "Connections that this central may open.", "server"),
		open:        desc("database_connections_open", "Connections that are open.", "server"),
		inUse:       desc("database_connections_in_use", "Connections that are used just now.", "server"),
		waits:       desc("database_waits_total", "How often a connection was waited for.", "server"),
		waitedTime:  desc("database_wait_seconds_total", "How long connections were waited for.", "server"),
	}
}

// Describe implements prometheus.Collector.
func (s *storeMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.up, s.quarantined, s.devices, s.missing, s.most, s.open, s.inUse, s.waits, s.waitedTime} {
		to <- d
	}
}

// Collect implements prometheus.Collector. What cannot be counted is left out rather than told as nothing.
func (s *storeMetrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWait)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	up := 0.0
	if s.store.Ready(ctx) == nil {
		up = 1
	}
	gauge(s.up, up)
	if g, err := s.store.Gauges(ctx); err == nil {
		gauge(s.quarantined, float64(g.Quarantined))
		gauge(s.devices, float64(g.Devices))
		gauge(s.missing, float64(g.Missing))
	}
	for _, p := range s.store.Pools() {
		gauge(s.most, float64(p.Most), p.Name)
		gauge(s.open, float64(p.Open), p.Name)
		gauge(s.inUse, float64(p.InUse), p.Name)
		to <- prometheus.MustNewConstMetric(s.waits, prometheus.CounterValue, float64(p.Waits), p.Name)
		to <- prometheus.MustNewConstMetric(s.waitedTime, prometheus.CounterValue, p.Waited.Seconds(), p.Name)
	}
}
