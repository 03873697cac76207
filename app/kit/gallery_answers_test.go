package kit_test

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"parvis/app/kit"
)

// answersPage holds what answers questions of rarer kinds, in French, whose words are long.
func answersPage() fyne.CanvasObject {
	table := kit.NewAnswerTable(kit.AnswerTableParams{
		Rows:    []string{"L’accueil", "La signalisation et le plan", "Le stationnement"},
		Columns: []string{"Pas du tout", "Un peu", "Plutôt", "Entièrement"}, OnTap: func(int, int) {},
	})
	table.Set(0, []bool{false, true, false, false}, "")
	table.Set(1, make([]bool, 4), "Cette question demande une réponse.")
	many := kit.NewAnswerTable(kit.AnswerTableParams{Rows: []string{"Le matin"}, Columns: []string{"Seul", "Accompagné"}, Many: true, OnTap: func(int, int) {}})
	many.Set(0, []bool{true, true}, "")
	stars := func(n int) *kit.Stars {
		s := kit.NewStars(kit.StarsParams{Count: n, Name: func(n int) string { return fmt.Sprintf("%d étoiles", n) }, OnChoose: func(int) {}})
		s.SetChosen(n / 2)
		return s
	}
	first := kit.NewRankTile(kit.RankTileParams{Text: "Les vitrines de Noël", Handle: "Déplacer Les vitrines", OnTap: nothing, OnMove: func(int) {}, OnDone: nothing})
	first.SetRank(1)
	second := kit.NewRankTile(kit.RankTileParams{Text: "Le marché", Handle: "Déplacer Le marché", OnTap: nothing, OnMove: func(int) {}, OnDone: nothing})
	pictured := kit.NewTile("Kestrel", kit.One, nothing).Pictured(theme.HomeIcon()).Above()
	pictured.SetChosen(true)
	return kit.NewPage(kit.PageParams{Top: bar(12), Body: []fyne.CanvasObject{
		table, many, stars(5), stars(10), first, second,
		kit.Grid(2, pictured, kit.NewTile("Maisonette", kit.Many, nothing).Pictured(theme.HomeIcon()).Above(), kit.NewTile("Noordzee", kit.One, nothing)),
	}})
}
