package settings

import (
	"context"
	"errors"
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
		{Language: "fr", Size: look.Largest, Light: look.Sunlight, Quick: true, LockAfter: time.Minute, Hand: look.Left, WiFi: true}, {Language: "en", Size: look.Small, Light: look.Dark, LockAfter: 15 * time.Minute},
	} {
		if err := want.Save(ctx, kept); err != nil {
			t.Fatal(err)
		}
		if got, err := Read(ctx, kept, "nl"); err != nil || got != want {
			t.Errorf("chose %+v, found %+v, %v", want, got, err)
		}
	}
}

func TestWhatIsKeptInWordsThatNobodyKnowsIsAsItComes(t *testing.T) {
	t.Parallel()
	for key, value := range map[string]string{
		keySize: "giant", keyLight: "pink", keyQuick: "perhaps", keyLock: "7h", keyHand: "both", keyWiFi: "sometimes",
	} {
		got, err := Read(t.Context(), shelf{key: value}, "nl")
		if err != nil || got != (Choices{Language: "nl", LockAfter: 5 * time.Minute}) {
			t.Errorf("%s %q: %+v, %v", key, value, got, err)
		}
	}
	if got, err := Read(t.Context(), shelf{keyLock: "soon"}, "nl"); err != nil || got.LockAfter != 5*time.Minute {
		t.Errorf("%+v, %v", got, err)
	}
}

// broken fails with every key, or with one.
type broken struct {
	shelf
	key string
}

var errDisk = errors.New("disk")

func (b broken) Setting(ctx context.Context, key string) (string, error) {
	if b.key == "" || b.key == key {
		return "", errDisk
	}
	return b.shelf.Setting(ctx, key)
}

func (b broken) SaveSetting(ctx context.Context, key, value string) error {
	if b.key == "" || b.key == key {
		return errDisk
	}
	return b.shelf.SaveSetting(ctx, key, value)
}

func TestOneChoiceThatCannotBeKeptCostsNoOther(t *testing.T) {
	t.Parallel()
	if got, err := Read(t.Context(), broken{}, "nl"); !errors.Is(err, errDisk) || got.Language != "nl" || got.LockAfter != 5*time.Minute {
		t.Errorf("%+v, %v", got, err)
	}
	all := []string{keyLanguage, keySize, keyLight, keyQuick, keyLock, keyHand, keyWiFi}
	for _, key := range all {
		kept := shelf{}
		c := Choices{Language: "fr", Size: look.Largest, Light: look.Dark, Quick: true, LockAfter: time.Minute, Hand: look.Left}
		if err := c.Save(t.Context(), broken{kept, key}); !errors.Is(err, errDisk) {
			t.Errorf("%s: %v", key, err)
		}
		if _, there := kept[key]; there || len(kept) != len(all)-1 {
			t.Errorf("%s failed, kept: %v", key, kept)
		}
	}
}

func TestTheScreensLookAsChosen(t *testing.T) {
	t.Parallel()
	for _, c := range []Choices{{}, {Light: look.Sunlight, Size: look.Largest, Hand: look.Left}, {Light: look.Dark, Size: look.Small}} {
		if got := c.Theme(); got.Variant() != c.Light || got.TextSize() != c.Size || got.Hand() != c.Hand {
			t.Errorf("%+v looks like %+v", c, got)
		}
	}
}

// Pictures wait only where somebody chose so and the device knows that the network costs.
func TestWhenPicturesWait(t *testing.T) {
	t.Parallel()
	if HoldMedia(shelf{}, nil) != nil {
		t.Error("a device that knows nothing of its network asks for it")
	}
	for _, c := range []struct {
		kept           Keeper
		metered, known bool
		want           bool
	}{
		{shelf{keyWiFi: "yes"}, true, true, true},
		{shelf{keyWiFi: "yes"}, false, true, false},
		{shelf{keyWiFi: "yes"}, true, false, false},
		{shelf{keyWiFi: "no"}, true, true, false},
		{shelf{}, true, true, false},
		{broken{}, true, true, false},
	} {
		if got := HoldMedia(c.kept, func() (bool, bool) { return c.metered, c.known })(t.Context()); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
