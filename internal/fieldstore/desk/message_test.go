package desk_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

func TestMessagesWithWhoReadThem(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newDesk(t)
	mark := func(id, message, code string) delivery.Item {
		return record(t, delivery.KindRead, id, 1, interview.MessageRead{ID: id, Study: "mall", Message: message, Interviewer: code, At: at(21)})
	}
	message := func(id string, at int64) delivery.Item {
		return item(t, delivery.ItemMessage, id, delivery.Message{ID: id, Study: "mall", From: "ines", At: at, Text: "to " + id})
	}
	apply(t, s, mark("r1", "m1", "0512"), message("m1", 1), message("m2", 2), mark("r2", "m1", "0417"), mark("r3", "m1", "0417"), message("m1", 1))
	apply(t, s, item(t, delivery.ItemMessage, "m3", delivery.Message{ID: "m3", Study: "fair", At: 3}))
	list, err := s.Messages(ctx, "mall", 10)
	if err != nil || len(list) != 2 || list[0].ID != "m2" || list[0].ReadBy != nil || list[1].From != "ines" {
		t.Fatalf("%+v %v", list, err)
	}
	if diff := cmp.Diff([]string{"0417", "0512"}, list[1].ReadBy); diff != "" {
		t.Error(diff)
	}
	if n, err := s.Unreadable(ctx); err != nil || n != 0 {
		t.Errorf("%d unreadable, %v", n, err)
	}
}
