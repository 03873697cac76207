// Package kit holds the widgets that every Parvis screen is made of.
//
// It knows the look, Fyne and nothing else: no studies, no stores, no words of
// its own. A widget shows what it was given and calls back when it is tapped;
// screens wire the two. All text comes in from the caller, already translated.
//
// What every widget here promises:
//   - what can be tapped is at least 48 dp each way, can be reached with Tab
//     and pressed with Enter or Space, shows its focus, and has an
//     AccessibleName;
//   - no meaning by colour alone: what is chosen has a thicker border, a
//     filled dot or box and bold words as well;
//   - text wraps and is never cut, at any text size: see Flowing;
//   - Refresh takes colours and sizes from the theme anew.
//
// What there is:
//   - frame: Page, TopBar, Strip, Sheet, SideNav, Card
//   - arrangement: Column, ColumnGap, Flow, FlowGap, Rail, Grid, Between, Inset; HeightFor
//   - words: Text in a look.Role, Badge, EmptyState, Banner, FigureRow
//   - to tap: Button, Tile, Chip, Option, ListRow
//   - to answer: Tile, ScaleStrip, Stars, AnswerTable, RankTile, OutcomeGrid, Entry,
//     Field, Track, Pad with PadMini
//   - to watch: Counter, Progress, CellBar, Table, List, Chart
//
// Widgets change in place by their Set methods, which do nothing when nothing
// changed. When text within a page grew, or something was shown or hidden,
// call Page.Relayout; a real window also notices by itself with its next
// frame. Replace a page's content with Page.SetBody.
//
// A page from its parts:
//
//	page := kit.NewPage(kit.PageParams{
//		Top: kit.NewTopBar(kit.TopBarParams{
//			Back: w.T("common.back"), OnBack: back,
//			Step: w.T("question.step", "n", 11, "total", 32), Progress: 0.34,
//			Lang: "FR", OnLang: lang, Next: w.T("common.next"), OnNext: next,
//		}),
//		Body: []fyne.CanvasObject{
//			kit.NewText(look.Section, "Your visit today"),
//			kit.NewText(look.Question, "Did you buy anything?"),
//			kit.NewTile("Yes, something else", kit.One, choose),
//		},
//		Bottom: strip,
//	})
package kit
