package question

import (
	"context"
	"slices"
	"testing"

	"parvis/internal/xform"
)

const tableBook = `| | type | name | label | appearance | required |
| | text | before | Before? | | |
| | begin group | t | How was it? | table-list | |
| | select_one yn | a | The first | | yes |
| | select_one yn | b | The second | | |
| | select_one yn | c | The third | | yes |
| | end group | | | | |
| | text | after | After? | | |
`

// row is the name of the row that is asked, under the table's own words.
func row(t *testing.T, m Model) string {
	t.Helper()
	if len(m.Items) != 2 || m.Items[0].Kind != Reading || m.Items[0].Label != "How was it?" {
		t.Fatalf("a row stands alone: %+v", m.Items)
	}
	return m.Items[1].Name
}

func TestATableIsAskedARowAPageOnAPhone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, _ := ask(t, tableBook, yesNo)
	p.Fold(true)
	next(t, p)
	m := p.Model()
	if row(t, m) != "a" || m.Items[1].Kind != Single || m.At != 3 { // one question before, and the note above the rows
		t.Fatalf("the first row: %q by %d, question %d", row(t, m), m.Items[1].Kind, m.At)
	}
	if next(t, p) {
		t.Error("a required row was passed over")
	}
	if m = p.Model(); m.Items[1].Broken != xform.MissingAnswer {
		t.Error("nothing is said beside the row")
	}
	must(t, p.Choose(ctx, m.Items[1].Ref, "y"))
	next(t, p)
	next(t, p) // the second may stay empty
	if m = p.Model(); row(t, m) != "c" || m.At != 5 {
		t.Fatalf("then comes %q, question %d", row(t, m), m.At)
	}
	must(t, p.Back(ctx))
	if got := row(t, p.Model()); got != "b" {
		t.Errorf("before it is %q", got)
	}
	next(t, p)
	must(t, p.Choose(ctx, p.Model().Items[1].Ref, "n"))
	next(t, p)
	if m = p.Model(); m.Items[0].Name != "after" {
		t.Fatalf("after the last row: %+v", m.Items)
	}
	must(t, p.Back(ctx))
	if got := row(t, p.Model()); got != "c" {
		t.Errorf("back from behind the table comes %q", got)
	}
}

func TestARowThatWasLeftIsFoundAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, s := ask(t, tableBook, yesNo)
	p.Fold(true)
	next(t, p)
	must(t, p.Choose(ctx, p.Model().Items[1].Ref, "y"))
	again := New(Params{Interview: s})
	again.Fold(true)
	if got := row(t, again.Model()); got != "b" {
		t.Errorf("opened again at %q, left at b", got)
	}
}

func TestATableIsWholeWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	p, _ := ask(t, tableBook, yesNo)
	next(t, p)
	m := p.Model()
	kinds := []Kind{Reading, TableHead, TableRow, TableRow, TableRow}
	if len(m.Items) != len(kinds) {
		t.Fatalf("%d items, want %d", len(m.Items), len(kinds))
	}
	for i, want := range kinds {
		if m.Items[i].Kind != want {
			t.Errorf("item %d is of kind %d, want %d", i, m.Items[i].Kind, want)
		}
	}
	if m.At != 5 || m.About != 6 {
		t.Errorf("question %d of %d; the head of the table asks nothing", m.At, m.About)
	}
}

// Words between the rows stand above the next row, words before the first above every row.
func TestWordsWithinATableStandAboveTheirRow(t *testing.T) {
	t.Parallel()
	note := func(name string) Item { return Item{Question: xform.Question{Name: name}, Kind: Reading} }
	row := func(name string, control xform.Control) Item {
		return Item{Question: xform.Question{Name: name, Control: control}, Kind: TableRow}
	}
	steps := stepsOf([]Item{
		note("table"), {Kind: TableHead}, row("a", xform.Select1), note("between"), row("b", xform.Select), {Question: xform.Question{Name: "c"}, Kind: Text}, note("after"),
	})
	var got []string
	for _, s := range steps {
		said := ""
		for _, it := range s {
			said += it.Name + " "
		}
		got = append(got, said)
	}
	if want := []string{"table a ", "table between b ", "table c "}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if steps[0][1].Kind != Single || steps[1][2].Kind != Several || steps[2][1].Kind != Text {
		t.Errorf("asked by controls %d, %d, %d", steps[0][1].Kind, steps[1][2].Kind, steps[2][1].Kind)
	}
	if stepsOf([]Item{note("a"), {Kind: Text}}) != nil {
		t.Error("a page without a table is divided")
	}
}

func TestTheLastRowLeadsBackToTheFirstThatIsWrong(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, _ := ask(t, `| | type | name | label | appearance | constraint | constraint_message |
| | begin group | t | How was it? | table-list | | |
| | select_one yn | a | The first | | . != ${c} | Not like the third. |
| | select_one yn | b | The second | | | |
| | select_one yn | c | The third | | | |
| | end group | | | | | |
`, yesNo)
	p.Fold(true)
	for _, c := range []struct{ name, answer string }{{"a", "y"}, {"b", "n"}, {"c", "y"}} { // the first was right when it was given
		if got := row(t, p.Model()); got != c.name {
			t.Fatalf("asked is %q, want %q", got, c.name)
		}
		must(t, p.Choose(ctx, p.Model().Items[1].Ref, c.answer))
		if moved := next(t, p); moved != (c.name != "c") {
			t.Errorf("%s: it goes on: %v", c.name, moved)
		}
	}
	m := p.Model()
	if row(t, m) != "a" || m.Items[1].Problem != "Not like the third." {
		t.Errorf("the row in sight is %q, beside it stands %q", row(t, m), m.Items[1].Problem)
	}
	must(t, p.Choose(ctx, m.Items[1].Ref, "n"))
	for range 2 {
		if !next(t, p) {
			t.Error("put right, it does not go on")
		}
	}
	if !next(t, p) || !p.Model().Ended {
		t.Error("all is right, and it does not go on")
	}
}
