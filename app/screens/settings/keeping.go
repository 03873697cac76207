package settings

import (
	"context"
	"errors"
	"slices"
	"time"

	"parvis/app/look"
)

// Keeper keeps texts between two runs; every store does.
type Keeper interface {
	Setting(ctx context.Context, key string) (string, error)
	SaveSetting(ctx context.Context, key, value string) error
}

// Keys of what is kept.
const (
	keyLanguage = "screens.language"
	keySize     = "screens.text_size"
	keyLight    = "screens.light"
	keyQuick    = "screens.quick"
	keyLock     = "screens.lock_after"
	keyHand     = "screens.hand"
	keyWiFi     = "screens.pictures_over_wifi"
)

// Read gives what was chosen before; what was not is as it comes, in the language given.
func Read(ctx context.Context, k Keeper, language string) (Choices, error) {
	c := Choices{Language: language, LockAfter: lockChoices[1]}
	for key, set := range map[string]func(string){
		keyLanguage: func(s string) { c.Language = s },
		keySize:     func(s string) { c.Size = look.ParseTextSize(s) },
		keyLight:    func(s string) { c.Light = look.ParseVariant(s) },
		keyQuick:    func(s string) { c.Quick = s == yes },
		keyLock: func(s string) {
			if d, err := time.ParseDuration(s); err == nil && slices.Contains(lockChoices, d) {
				c.LockAfter = d
			}
		},
		keyHand: func(s string) { c.Hand = look.ParseHand(s) },
		keyWiFi: func(s string) { c.WiFi = s == yes },
	} {
		value, err := k.Setting(ctx, key)
		if err != nil {
			return c, err
		}
		if value != "" {
			set(value)
		}
	}
	return c, nil
}

// Save keeps the choices for the next run.
func (c Choices) Save(ctx context.Context, k Keeper) error {
	return errors.Join(
		k.SaveSetting(ctx, keyLanguage, c.Language), k.SaveSetting(ctx, keySize, c.Size.String()),
		k.SaveSetting(ctx, keyLight, c.Light.String()), k.SaveSetting(ctx, keyQuick, yesOrNo(c.Quick)),
		k.SaveSetting(ctx, keyLock, c.LockAfter.String()),
		k.SaveSetting(ctx, keyHand, c.Hand.String()), k.SaveSetting(ctx, keyWiFi, yesOrNo(c.WiFi)),
	)
}

const yes = "yes"

func yesOrNo(is bool) string {
	if is {
		return yes
	}
	return "no"
}

// Metered tells whether the network in use costs by the byte, and whether that is known.
type Metered func() (metered, known bool)

// HoldMedia tells, as often as it is asked, whether pictures are to wait: somebody chose so, and the network costs by the byte. It is
// false wherever one of the two is not known, and it may be called from any goroutine.
func HoldMedia(k Keeper, metered Metered) func(context.Context) bool {
	if metered == nil {
		return nil
	}
	return func(ctx context.Context) bool {
		chosen, err := k.Setting(ctx, keyWiFi)
		if err != nil || chosen != yes {
			return false
		}
		costs, known := metered()
		return known && costs
	}
}

// Theme is how the screens look by these choices.
func (c Choices) Theme() look.Theme { return look.New(c.Light, c.Size).ForHand(c.Hand) }
