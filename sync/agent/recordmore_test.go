package agent_test

import (
	"context"
	"testing"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
)

// recordMore is what apps and centrals have learnt since the first ones: pictures, messages, cards.
func recordMore(t *testing.T, c *central, d *device) {
	ctx := context.Background()
	if err := c.store.SetCard(ctx, centralstore.CardOrder{Card: delivery.Card{Interviewer: "0417", Name: "Sam Example"}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.store.SendMessage(ctx, centralstore.MessageOrder{Study: "visit", Text: "Well done.", Who: anyResearcher()}); err != nil {
		t.Fatal(err)
	}
	d.pictured(t, []byte("a picture in plain text"))
	d.sync(t)
	list, err := d.Messages(ctx)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d messages, %v", len(list), err)
	}
	if err := d.ReadMessage(ctx, list[0].ID); err != nil {
		t.Fatal(err)
	}
	d.sync(t)
}
