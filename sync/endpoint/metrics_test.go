package endpoint_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// measured is a central with metrics.
type measured struct {
	*central
	metrics *endpoint.Metrics
}

func newMeasured(t testing.TB) measured {
	t.Helper()
	var m measured
	m.central = newCentral(t, func(p *endpoint.Params) {
		m.metrics = endpoint.NewMetrics(endpoint.MetricsParams{Store: p.Store, Version: "1.2.3"})
		p.Metrics = m.metrics
	})
	return m
}

// scrape reads the metrics as Prometheus does.
func (m measured) scrape(t testing.TB) (families map[string]*dto.MetricFamily, text string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	m.metrics.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text = recorder.Body.String()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil || recorder.Code != http.StatusOK {
		t.Fatalf("%d, %v", recorder.Code, err)
	}
	return families, text
}

// value is the one of a metric with these labels, name and value in turns; -1 where there is none.
func value(families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	for _, m := range families["parvis_central_"+name].GetMetric() {
		all := true
		for n := 0; n < len(labels); n += 2 {
			all = all && slices.ContainsFunc(m.GetLabel(), func(l *dto.LabelPair) bool {
				return l.GetName() == labels[n] && l.GetValue() == labels[n+1]
			})
		}
		switch {
		case !all:
		case m.Counter != nil:
			return m.GetCounter().GetValue()
		case m.Histogram != nil:
			return float64(m.GetHistogram().GetSampleCount())
		default:
			return m.GetGauge().GetValue()
		}
	}
	return -1
}

func TestMetricsCountWhatHappened(t *testing.T) {
	m := newMeasured(t)
	d := m.device(t, "mall")
	first, bad := contact(t, d, 1, "mall"), contact(t, d, 4, "mall")
	bad.SHA256 = strings.Repeat("0", 64)
	m.push(t, d, first, contact(t, d, 2, "mall"))
	m.push(t, d, first)
	m.push(t, d, bad)
	before, _ := m.scrape(t)
	m.do(t, request{method: "GET", path: "/v1/pull"})
	body := []byte(strings.Repeat("x", 1000))
	m.do(t, request{method: "POST", path: protocol.PathPush, token: d.Token, body: body})
	after, text := m.scrape(t)
	for _, tc := range []struct {
		name   string
		labels []string
		want   float64
	}{
		{"records_total", []string{"status", "received"}, 2},
		{"records_total", []string{"status", "duplicate"}, 1},
		{"records_total", []string{"status", "quarantined"}, 1},
		{"requests_total", []string{"route", "/v1/push", "method", "POST", "status", "200"}, 3},
		{"requests_total", []string{"route", "/v1/push", "method", "POST", "status", "400"}, 1},
		{"requests_total", []string{"route", "/v1/pull", "method", "GET", "status", "401"}, 1},
		{"request_duration_seconds", []string{"route", "/v1/push", "method", "POST"}, 4},
		{"requests_in_flight", nil, 0},
		{"quarantined_records", nil, 1},
		{"devices_seen", nil, 1},
		{"missing_records", nil, 1}, // number 3
		{"store_up", nil, 1},
		{"build_info", []string{"version", "1.2.3"}, 1},
		{"received_bytes_total", nil, value(before, "received_bytes_total") + 1000},
	} {
		if got := value(after, tc.name, tc.labels...); got != tc.want {
			t.Errorf("%s%v is %v, want %v", tc.name, tc.labels, got, tc.want)
		}
	}
	if got, was := value(after, "sent_bytes_total"), value(before, "sent_bytes_total"); got <= was || was <= 0 {
		t.Errorf("%v bytes were sent, %v before", got, was)
	}
	if after["go_goroutines"] == nil {
		t.Error("nothing about Go's runtime")
	}
	// They name nobody; the others are the library's, and of the process.
	text = strings.Join(regexp.MustCompile(`(?m)^parvis.*$`).FindAllString(text, -1), "\n")
	for _, name := range []string{"mall", "0417", d.Device, d.Epoch, "north", d.Token} {
		if strings.Contains(text, name) {
			t.Errorf("the metrics name %q", name)
		}
	}
}

// Whatever strangers ask for, there are no more series than routes, methods and statuses.
func TestNobodyMakesTheMetricsGrow(t *testing.T) {
	m := newMeasured(t)
	ask := func(tail string) {
		for _, path := range []string{"/", "/v1/blobs/", "/v1/research/" + tail + "/records", "/v1/attachments/"} {
			for _, method := range []string{"GET", "POST", "X" + tail} {
				m.do(t, request{method: method, path: path + tail, token: tail})
			}
		}
	}
	ask("A")
	want := seriesOf(m, t)
	for _, tail := range []string{"B", "CC", "DDD"} {
		ask(tail)
	}
	if got := seriesOf(m, t); !slices.Equal(got, want) {
		t.Errorf("the series have become\n%v\nfrom\n%v", got, want)
	}
}

func seriesOf(m measured, t *testing.T) (all []string) {
	families, _ := m.scrape(t)
	for _, metric := range families["parvis_central_requests_total"].GetMetric() {
		labels := map[string]string{}
		for _, l := range metric.GetLabel() {
			labels[l.GetName()] = l.GetValue()
		}
		line := ""
		for _, name := range slices.Sorted(maps.Keys(labels)) {
			line += labels[name] + " "
		}
		all = append(all, line)
	}
	slices.Sort(all)
	return all
}

// away is a store whose database does not answer.
type away struct{ centralstore.Store }

func (away) Ready(context.Context) error {
	return &centralstore.NotReady{Reason: "Central's store does not answer.", Err: errors.New("connection refused by 10.1.2.3")}
}

func (away) Gauges(context.Context) (centralstore.Gauges, error) {
	return centralstore.Gauges{}, centralstore.ErrUnavailable
}

func TestMetricsAndReadinessOfAStoreThatIsAway(t *testing.T) {
	m := newMeasured(t)
	gone := endpoint.NewMetrics(endpoint.MetricsParams{Store: away{m.store}})
	families, _ := measured{m.central, gone}.scrape(t)
	if got := value(families, "store_up"); got != 0 {
		t.Errorf("the store is up: %v", got)
	}
	if families["parvis_central_quarantined_records"] != nil || families["parvis_central_requests_in_flight"] == nil {
		t.Error("it tells what it cannot know, or does not tell what it can")
	}
	c := newCentral(t, func(p *endpoint.Params) { p.Store = away{p.Store} })
	got := c.do(t, request{method: "GET", path: protocol.PathReady})
	if p := got.problem(t); got.status != http.StatusServiceUnavailable || p.Title != "Central's store does not answer." || strings.Contains(string(got.body), "10.1.2.3") {
		t.Error(describe(got))
	}
	if !strings.Contains(c.log.String(), "10.1.2.3") {
		t.Error("the log does not say why")
	}
	if got := c.do(t, request{method: "GET", path: protocol.PathHealth}); got.status != http.StatusOK {
		t.Errorf("a process that lives is not healthy: %s", describe(got))
	}
}
