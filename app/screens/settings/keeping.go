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
)

// Read gives what was chosen before; what was not is as it comes, in the language given.
func Read(ctx context.Context, k Keeper, language string) (Choices, error) {
	c := Choices{Language: language, LockAfter: lockChoices[1]}
	for key, set := range map[string]func(string){
		keyLanguage: func(s string) { c.Language = s },
		keySize:     func(s string) { c.Size = look.ParseTextSize(s) },
		keyLight:    func(s string) { c.Light = look.ParseVariant(s) },
		keyQuick:    func(s string) { c.Quick = s == "yes" },
		keyLock: func(s string) {
			if d, err := time.ParseDuration(s); err == nil && slices.Contains(lockChoices, d) {
				c.LockAfter = d
			}
		},
		keyHand: func(s string) { c.Hand = look.ParseHand(s) },
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
	quick := "no"
	if c.Quick {
		quick = "yes"
	}
	return errors.Join(
		k.SaveSetting(ctx, keyLanguage, c.Language), k.SaveSetting(ctx, keySize, c.Size.String()),
		k.SaveSetting(ctx, keyLight, c.Light.String()), k.SaveSetting(ctx, keyQuick, quick),
		k.SaveSetting(ctx, keyLock, c.LockAfter.String()),
		k.SaveSetting(ctx, keyHand, c.Hand.String()),
	)
}

// Theme is how the screens look by these choices.
func (c Choices) Theme() look.Theme { return look.New(c.Light, c.Size).ForHand(c.Hand) }
