package settings

import (
	"context"
	"testing"
	"time"

	"parvis/app/look"
)

type shelf map[string]string

func (s shelf) Setting(_ context.Context, key string) (string, error)  { return s[key], nil }
func (s shelf) SaveSetting(_ context.Context, key, value string) error { s[key] = value; return nil }

func TestWhatIsChosenIsThereInTheNextRun(t *testing.T) {
	t.Parallel()
	ctx, kept := context.Background(), shelf{}
	first, err := Read(ctx, kept, "nl")
	if err != nil || first != (Choices{Language: "nl", LockAfter: 5 * time.Minute}) {
		t.Fatalf("with nothing chosen: %+v, %v", first, err)
	}
	for _, want := range []Choices{
		{Language: "fr", Size: look.Largest, Light: look.Sunlight, Quick: true, LockAfter: time.Minute, Hand: look.Left}, {Language: "en", Size: look.Small, Light: look.Dark, LockAfter: 15 * time.Minute},
	} {
		if err := want.Save(ctx, kept); err != nil {
			t.Fatal(err)
		}
		if got, err := Read(ctx, kept, "nl"); err != nil || got != want {
			t.Errorf("chose %+v, found %+v, %v", want, got, err)
		}
	}
}
