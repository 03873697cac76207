package mainjob

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// fieldwork is a study with interlocked quotas in two networks, each of its parts a process: tablets that reach central by a connection
// that fails now and then, and tablets that after they have joined reach nothing but their supervisor's laptop.
type fieldwork struct {
	dir, bin string
	central  process
	laptop   *hand
	way      *toxiproxy.Proxy // the laptop's to central, open on errands alone
	tablets  []*crewman
}

// crewman is a tablet, its place, and what was done with it: complete interviews by constraint, and people sent away.
type crewman struct {
	*hand
	site, interviewer string
	offline           bool
	done              map[string]int
	refused           int
}

const crewSize = 8

// way is a connection to central that can be shut.
func (f *fieldwork) newWay(t *testing.T) *toxiproxy.Proxy {
	t.Helper()
	p := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "way", "127.0.0.1:0", strings.TrimPrefix(f.central.url, "http://"))
	must(t, p.Start())
	t.Cleanup(p.Stop)
	return p
}

func newFieldwork(t *testing.T) *fieldwork {
	t.Helper()
	f := &fieldwork{dir: t.TempDir(), bin: programs(t)}
	f.central = startCentral(t, f.bin, f.dir)
	f.central.command("study", "import", "testdata/fieldwork.md")
	f.central.command("user", "add", "ines", "--role", "supervisor", "--study", "fieldwork", "--password-stdin")
	f.central.command("user", "add", "ada", "--role", "researcher", "--study", "fieldwork", "--password-stdin")
	site := f.newWay(t) // of the tablets that will be offline
	f.way = f.newWay(t)
	net := newNetwork(t, f.central.url)
	for n := range crewSize {
		c := &crewman{site: []string{"north", "south"}[n%2], interviewer: fmt.Sprintf("04%d", 10+n), offline: n >= crewSize/2, done: map[string]int{}}
		address := net.URL
		if c.offline {
			address = "http://" + site.Listen
		}
		code := strings.TrimSpace(f.central.command("enrol-code", "--study", "fieldwork", "--interviewer", c.interviewer, "--quiet"))
		c.hand = hire(t, c.interviewer, "tablet", filepath.Join(f.dir, c.interviewer), address, code)
		f.tablets = append(f.tablets, c)
	}
	f.laptop = hire(t, "the laptop", "laptop", filepath.Join(f.dir, "laptop"), "http://"+f.way.Listen, "")
	f.laptop.must(t, "sign in", "ines", "a long password")
	f.each(t, f.tablets, func(c *crewman) error {
		_, err := c.try("enrol", map[string]string{"north": "North gate", "south": "South gate"}[c.site])
		return err
	})
	for _, c := range f.tablets {
		if c.offline {
			c.must(t, "pair", f.laptop.must(t, "carry"))
		}
	}
	site.Stop()
	f.way.Stop()
	return f
}

// each lets all of a crew do something at once.
func (f *fieldwork) each(t *testing.T, crew []*crewman, do func(c *crewman) error) {
	t.Helper()
	var wg sync.WaitGroup
	wrong := make([]error, len(crew))
	for n, c := range crew {
		wg.Go(func() { wrong[n] = do(c) })
	}
	wg.Wait()
	for n, err := range wrong {
		if err != nil {
			t.Fatalf("%v\n%s", err, crew[n].errors)
		}
	}
}

// meets has a tablet ask somebody.
func (c *crewman) meets(age string) error {
	outcome, err := c.try("meet", age)
	switch {
	case err != nil:
		return err
	case outcome == "4.8":
		c.refused++
	default:
		c.done[age+"-"+c.site]++
		c.done["all-"+c.site]++
	}
	return nil
}

// round has each of a crew ask one person and synchronise; then the laptop goes where it reaches central, and comes back.
func (f *fieldwork) round(t *testing.T, crew []*crewman, dice *rand.Rand) {
	t.Helper()
	ages := map[*crewman]string{}
	for _, c := range crew {
		ages[c] = []string{"young", "old"}[dice.IntN(2)]
	}
	f.each(t, crew, func(c *crewman) error {
		if err := c.meets(ages[c]); err != nil {
			return err
		}
		_, err := c.try("sync") // it may fail: the next one goes on
		return err
	})
	f.errand(t)
}

func (f *fieldwork) errand(t *testing.T) {
	t.Helper()
	must(t, f.way.Start())
	if wrong := f.laptop.must(t, "sync"); wrong != "" {
		t.Fatalf("the laptop reaches central, and says %s", wrong)
	}
	f.way.Stop()
}

// settle has everybody synchronise until there is nothing more to say.
func (f *fieldwork) settle(t *testing.T, crew []*crewman) {
	t.Helper()
	for range 3 { // given to the laptop, brought to central, heard of
		f.each(t, crew, func(c *crewman) error {
			_, err := c.try("sync")
			return err
		})
		f.errand(t)
	}
}

// ledger is how quotas stand at central, asked by the supervisor's account.
func (f *fieldwork) ledger(t *testing.T) map[string]delivery.QuotaState {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.central.url+protocol.PathQuotas("fieldwork"), nil)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(f.central.command("token", "--user", "ines", "--quiet")))
	r.Header.Set(protocol.VersionHeader, strconv.Itoa(protocol.Version))
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	defer answer.Body.Close()
	var states delivery.QuotaStates
	must(t, json.NewDecoder(answer.Body).Decode(&states))
	by := map[string]delivery.QuotaState{}
	for _, s := range states.Quotas {
		by[s.Name] = s
	}
	if answer.StatusCode != http.StatusOK || len(by) != 6 {
		t.Fatalf("central answers %d: %+v", answer.StatusCode, states)
	}
	return by
}

// nearly is how many of a site's interviews may be open in the end: the last places of quotas that overlap may be with tablets that meet
// nobody who falls in both.
const nearly = 3

// filled tells whether both sites have about as many as are wanted of them.
func (f *fieldwork) filled(t *testing.T) bool {
	t.Helper()
	for name, s := range f.ledger(t) {
		if strings.HasPrefix(name, "all-") && s.Used < s.Target-nearly {
			return false
		}
	}
	return true
}

// figures are complete interviews by constraint.
type figures struct{ done, provisional map[string]int }

// board is what the laptop's board says of each site, read from the table it saves.
func (f *fieldwork) board(t *testing.T) figures {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(f.laptop.must(t, "board"), "\ufeff"))).ReadAll()
	must(t, err)
	got := figures{map[string]int{}, map[string]int{}}
	cells := map[string]string{"Under 40": "young", "40 and over": "old", "all": "all"}
	sites := map[string]string{"North gate": "north", "South gate": "south"}
	english, err := words.New(assets.Translations, "en")
	must(t, err)
	at := func(key string) int { return slices.Index(rows[0], english.T(key)) }
	for _, row := range rows[1:] {
		cell, site := cells[row[at("board.cell")]], sites[row[at("board.site")]]
		if cell == "" {
			t.Fatalf("the board has a line of %q", row)
		}
		if site == "" { // of the whole study
			continue
		}
		got.done[cell+"-"+site], err = strconv.Atoi(row[at("board.done")])
		must(t, err)
		got.provisional[cell+"-"+site], err = strconv.Atoi(cmp.Or(row[at("steer.provisional")], "0"))
		must(t, err)
	}
	return got
}

// data counts anew from what a researcher pulls by the real command, from the answers alone.
func (f *fieldwork) data(t *testing.T) figures {
	t.Helper()
	out := filepath.Join(f.dir, "csv")
	run := exec.Command(filepath.Join(f.bin, "research"), "pull", "--central", f.central.url, "--study", "fieldwork", "--out", out)
	run.Env = append(os.Environ(), "PARVIS_TOKEN="+token(f.central))
	if said, err := run.CombinedOutput(); err != nil {
		t.Fatalf("research pull: %v\n%s", err, said)
	}
	got := figures{map[string]int{}, map[string]int{}}
	for _, row := range table(t, filepath.Join(out, "interviews.csv")) {
		if row["disposition"] != "1.0" || row["void"] != "" {
			continue
		}
		counts := got.done
		if row["provisional"] == "1" {
			counts = got.provisional
		}
		counts[row["age"]+"-"+row["site"]]++
		counts["all-"+row["site"]]++
	}
	return got
}

// compare holds the board against the data, both against the ledger and what was done on the tablets; late interviews of the south wait.
func (f *fieldwork) compare(t *testing.T, when string, crew []*crewman, late int) {
	t.Helper()
	shown, counted, kept := f.board(t), f.data(t), f.ledger(t)
	done := map[string]int{}
	for _, c := range crew {
		for name, n := range c.done {
			done[name] += n
		}
	}
	for name, q := range kept {
		if shown.done[name] != q.Used || counted.done[name] != q.Used || shown.provisional[name] != q.Provisional || counted.provisional[name] != q.Provisional {
			t.Errorf("%s, %s: board %d and %d provisional, data %d and %d, ledger %d and %d", when, name,
				shown.done[name], shown.provisional[name], counted.done[name], counted.provisional[name], q.Used, q.Provisional)
		}
		if q.Used > q.Target || q.Used+q.Leased > q.Target {
			t.Errorf("%s, %s: %d count and %d are out of %d", when, name, q.Used, q.Leased, q.Target)
		}
		if want := map[string]int{"all-south": late}; strings.HasPrefix(name, "all-") && q.Provisional != want[name] {
			t.Errorf("%s, %s: %d are provisional, not %d", when, name, q.Provisional, want[name])
		}
		if n := q.Used + q.Provisional; n != done[name] {
			t.Errorf("%s, %s: %d are at central, %d were completed", when, name, n, done[name])
		}
	}
}

// TestEightFieldAppsShareQuotas: eight field apps in two networks, a laptop that carries for those without internet, a central and a
// research command, each a process. A tablet is lost with interviews on it, written off, and found when all is filled.
func TestEightFieldAppsShareQuotas(t *testing.T) {
	f := newFieldwork(t)
	const seed = 20261129
	dice := rand.New(rand.NewPCG(seed, 8))
	lost := f.tablets[crewSize-1]
	for range 2 {
		f.round(t, f.tablets, dice)
	}
	f.settle(t, f.tablets)
	f.compare(t, "after two rounds", f.tablets, 0)

	before, late := lost.done, 0
	for tries := 0; late == 0; tries++ {
		if tries == 10 {
			for _, c := range f.tablets {
				t.Logf("%s: %v, %d sent away", c.interviewer, c.done, c.refused)
			}
			t.Fatalf("the tablet that is to get lost has no rights: %+v", f.ledger(t))
		}
		before = maps.Clone(lost.done)
		for n := range 4 { // nobody hears of these
			must(t, lost.meets([]string{"young", "old"}[n%2]))
		}
		if late = lost.done["all-south"] - before["all-south"]; late == 0 {
			f.round(t, f.tablets, dice)
		}
	}
	must(t, f.way.Start())
	f.laptop.must(t, "lose", lost.interviewer)
	f.way.Stop()
	crew := f.tablets[:crewSize-1]
	rounds := 0
	for ; !f.filled(t) && rounds < 30; rounds++ {
		f.round(t, crew, dice)
	}
	f.settle(t, crew)
	refused := 0
	for _, c := range crew {
		refused += c.refused
	}
	if !f.filled(t) || refused == 0 {
		t.Errorf("after %d rounds %+v, %d were sent away", rounds, f.ledger(t), refused)
	}
	seen := *lost
	seen.done = before
	f.compare(t, "when all is filled", append(slices.Clone(crew), &seen), 0)

	f.settle(t, f.tablets) // it is found
	f.compare(t, "when the lost one is found", f.tablets, late)
	t.Logf("filled %d rounds after the loss, %d sent away, %d late", rounds, refused, late)
}
