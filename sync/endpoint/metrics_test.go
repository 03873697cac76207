package endpoint_test

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// figures is a central with metrics.
type figures struct {
	*central
	metrics *endpoint.Metrics
}

func newFigures(t testing.TB) figures {
	t.Helper()
	var m figures
	m.central = newCentral(t, func(p *endpoint.Params) {
		m.metrics = endpoint.NewMetrics(p.Store, "1.2.3", p.Logger)
		p.Metrics = m.metrics
	})
	return m
}

// scrape reads the metrics as Prometheus does.
func (m figures) scrape(t testing.TB) map[string]*dto.MetricFamily {
	t.Helper()
	recorder := httptest.NewRecorder()
	m.metrics.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(recorder.Body)
	if err != nil || recorder.Code != http.StatusOK {
		t.Fatalf("%d, %v", recorder.Code, err)
	}
	return families
}

// received is how many bytes of bodies came.
func (m figures) received(t testing.TB) float64 {
	t.Helper()
	for _, metric := range m.scrape(t)["parvis_body_bytes_total"].GetMetric() {
		if metric.GetLabel()[0].GetValue() == "in" {
			return metric.GetCounter().GetValue()
		}
	}
	return 0
}

// A figure is what happened, not what somebody says.
func TestOnlyBytesThatCameAreCounted(t *testing.T) {
	t.Parallel()
	m := newFigures(t)
	d := m.device(t, "mall")
	before := m.received(t)
	m.do(t, request{method: http.MethodPost, path: protocol.PathPush, token: d.Token, body: []byte(strings.Repeat("x", 1000))})
	if got := m.received(t) - before; got != 1000 {
		t.Errorf("%v bytes, want 1000", got)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(m.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 9000000000000000000\r\n\r\n", protocol.PathEnrol)
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	// The answer may be on its way a moment before it is counted; another request comes after it.
	m.do(t, request{method: http.MethodGet, path: protocol.PathHealth})
	if got := m.received(t) - before; got > 1e6 {
		t.Errorf("%v bytes were counted, which nobody sent", got)
	}
}

// Whatever strangers ask for, there are no more series than routes, methods and statuses.
func TestNobodyMakesTheMetricsGrow(t *testing.T) {
	t.Parallel()
	m := newFigures(t)
	ask := func(tail string) {
		for _, path := range []string{"/", "/v1/blobs/", "/v1/research/" + tail + "/records", "/v1/attachments/"} {
			for _, method := range []string{"GET", "POST", "X" + tail} {
				m.do(t, request{method: method, path: path + tail, token: tail})
			}
		}
	}
	ask("A")
	want := m.series(t)
	for _, tail := range []string{"B", "CC", "DDD"} {
		ask(tail)
	}
	if got := m.series(t); len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("the series have become\n%v\nfrom\n%v", got, want)
	}
}

func (m figures) series(t testing.TB) (all []string) {
	t.Helper()
	for _, metric := range m.scrape(t)["parvis_requests_total"].GetMetric() {
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
