package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
)

func TestTrackShowsNothingUntilItIsAnswered(t *testing.T) {
	var moved, chosen []int
	track := kit.NewTrack(kit.TrackParams{
		Name: "Worth", Points: 101, At: -1,
		OnMove: func(at int) { moved = append(moved, at) }, OnChoose: func(at int) { chosen = append(chosen, at) },
	})
	window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{track}}))
	bare := len(test.WidgetRenderer(track).Objects())
	wide := track.Size().Width
	at := func(share float32) fyne.PointEvent { return fyne.PointEvent{Position: fyne.NewPos(wide*share, 20)} }

	middle := at(0.5)
	track.Tapped(&middle)
	if knob := len(test.WidgetRenderer(track).Objects()); knob <= bare {
		t.Errorf("no knob after an answer: %d objects before, %d after", bare, knob)
	}
	track.Dragged(&fyne.DragEvent{PointEvent: at(0.9)})
	track.Dragged(&fyne.DragEvent{PointEvent: at(2)})
	track.DragEnd()
	track.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	track.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	low := at(-1)
	track.Tapped(&low)
	if want := []int{50, 100, 100, 99, 0}; !slices.Equal(chosen, want) {
		t.Errorf("chose %v, want %v", chosen, want)
	}
	if len(moved) != 2 || moved[0] < 90 || moved[0] > 95 || moved[1] != 100 {
		t.Errorf("the figure moved along to %v", moved)
	}
	track.Disable()
	track.Tapped(&middle)
	if track.At() != 0 {
		t.Error("a disabled track took an answer")
	}
}
