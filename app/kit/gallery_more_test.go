package kit_test

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"parvis/app/kit"
	"parvis/app/look"
)

func boardPage() fyne.CanvasObject {
	table := kit.NewTable(kit.TableColumn{Title: "", Weight: 0.6}, kit.TableColumn{Title: "Les Halles", Weight: 2}, kit.TableColumn{Title: "Gare Centrale", Weight: 2}, kit.TableColumn{Title: "Parc Expo", Weight: 2})
	var rows []kit.TableRow
	for i, name := range []string{"Women 18-34", "Women 35-54", "Women 55+", "Men 18-34"} {
		row := kit.TableRow{Name: name, Cells: []kit.TableCell{{Text: name, Strong: true}}}
		for j := range 3 {
			done := (31 + i*7 + j*5) % 41
			row.Cells = append(row.Cells, kit.TableCell{Object: kit.NewCellBar(kit.CellState{
				Done: done, Leased: min(6, 40-done), Target: 40, Figure: fmt.Sprintf("%d / 40", done), Right: "16:20", Note: "6 leased, 3 open",
			})})
		}
		rows = append(rows, row)
	}
	table.SetRows(rows...)
	people := kit.NewTable(kit.TableColumn{Title: "Interviewer", Weight: 2}, kit.TableColumn{Title: "Approached", Number: true}, kit.TableColumn{Title: "Complete", Number: true}, kit.TableColumn{Title: "Last sync"})
	people.SetRows(
		kit.TableRow{Name: "0417", OnTap: nothing, Cells: []kit.TableCell{{Text: "0417 Anna", Strong: true}, {Text: "42"}, {Text: "15"}, {Text: "14:02"}}},
		kit.TableRow{Name: "0418", OnTap: nothing, Cells: []kit.TableCell{{Text: "0418 Bram", Strong: true}, {Text: "1 042"}, {Text: "7"}, {Text: "yesterday", Ink: look.Caution}}})
	plan := kit.NewTable(kit.TableColumn{Title: ""}, kit.TableColumn{Title: "Mon 30"}, kit.TableColumn{Title: "Tue 1"})
	plan.SetRows(kit.TableRow{Name: "0417", Cells: []kit.TableCell{
		{Text: "0417", Strong: true},
		{Object: kit.NewDutyCell(kit.DutyCellParams{Name: "0417, Monday", OnTap: nothing, Note: "not sent yet", Duties: []kit.Duty{
			{Place: "Les Halles", Hours: "10:00–14:00", State: "late", Ink: look.Bad}, {Place: "Gare Centrale", Hours: "15:00–18:00"},
		}})},
		{Object: kit.NewDutyCell(kit.DutyCellParams{Name: "0417, Tuesday", OnTap: nothing, Chosen: true})},
	}})
	nav := kit.NewSideNav(kit.SideNavParams{Name: "Parvis", Chosen: "q", Foot: "Picture of 14:32, 2 minutes old. 8 of 9 tablets heard from today.", Items: []kit.NavItem{
		{Key: "t", Label: "Today"}, {Key: "q", Label: "Quotas"}, {Key: "i", Label: "Interviewers"}, {Key: "r", Label: "Review", Badge: "3"}, {Key: "d", Label: "Devices"},
	}})
	title := kit.Between(kit.ColumnGap(0, kit.NewText(look.Title, "Mall exit survey"), kit.NewText(look.Hint, "388 of 600 interviews, 0 over quota. Study full on Sunday 15:10 at today's rate.")),
		kit.Flow(kit.NewButton("By site", kit.Quiet, nothing), kit.NewButton("Change targets", kit.Primary, nothing)))
	page := kit.NewPage(kit.PageParams{Wide: true, Body: []fyne.CanvasObject{title, table, kit.NewText(look.Caption, "filled: done     pale: leased to tablets     time: when it fills"), people, plan}})
	return container.NewBorder(nil, nil, nav, nil, page)
}

func listPage() fyne.CanvasObject {
	list := kit.NewList(func() int { return 30 }, func(i int) kit.RowParams {
		p := kit.RowParams{Title: fmt.Sprintf("Interview %d", i+1), Subtitle: "Les Halles, north entrance", Trailing: "13:40", OnTap: nothing}
		if i%3 == 0 {
			p.Badge, p.Kind = "to finish", kit.Warn
		}
		if i%3 == 1 {
			p.Badge, p.Kind = "received", kit.Fine
		}
		return p
	})
	top := kit.NewTopBar(kit.TopBarParams{Back: "Today", OnBack: nothing, Title: "My interviews", Subtitle: "12 interviews waiting, all saved here"})
	return kit.NewPage(kit.PageParams{Top: top, Body: []fyne.CanvasObject{
		kit.NewProgress("Sending 12 of 40", "Stop", nothing), list}, Grow: list})
}

func miscPage() fyne.CanvasObject {
	progress := kit.NewProgress("Sending 12 of 40", "Stop", nothing)
	progress.Set(0.3, "Sending 12 of 40")
	field := kit.NewField("Enrolment code", kit.EntryParams{Kind: kit.Code, Placeholder: "For example K7QM-2HXD"})
	field.SetMessage("This code is not known, or was used already. Ask your supervisor for a new one.")
	off := kit.NewButton("Not now", kit.Primary, nothing)
	off.Disable()
	return kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{
		progress, field,
		kit.NewBanner(kit.BannerParams{Kind: kit.UndoBar, Text: "Recorded: Refused", Action: "Undo"}),
		kit.NewBanner(kit.BannerParams{Kind: kit.Notice, Text: "All sent and received."}),
		kit.NewBanner(kit.BannerParams{Kind: kit.Problem, Text: "No connection", Safe: "Everything is saved on this device.", Do: "Work on. Send when there is a connection.", Action: "Try again", Close: "Close"}),
		kit.Grid(2, kit.NewButton("Break off", kit.Danger, nothing), off),
		kit.Flow(kit.NewBadge("calm", kit.Calm), kit.NewBadge("fine", kit.Fine), kit.NewBadge("warn", kit.Warn), kit.NewBadge("alarm", kit.Alarm)),
		kit.NewEmptyState("No interviews yet", "They appear here as soon as someone agrees.", "Back to the contact sheet", nothing),
	}})
}
