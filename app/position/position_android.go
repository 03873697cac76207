//go:build android

package position

/*
#include <stdint.h>
#include "lastknown.h"

static int parvis_ask(uintptr_t env, uintptr_t activity, struct parvis_place *to) {
	return parvis_last_known((JNIEnv *)env, (jobject)activity, to);
}
*/
import "C"

import (
	"errors"
	"time"

	"fyne.io/fyne/v2/driver"
)

// System asks the system for the last position it knows, and the person for the permission where it is missing.
func System() func() (Position, error) { return last }

func last() (p Position, err error) {
	err = driver.RunNative(func(native any) error {
		at, ok := native.(*driver.AndroidContext)
		if !ok {
			return ErrUnknown
		}
		var place C.struct_parvis_place
		switch C.parvis_ask(C.uintptr_t(at.Env), C.uintptr_t(at.Ctx), &place) {
		case C.PARVIS_KNOWN:
			p = Position{
				Latitude: float64(place.latitude), Longitude: float64(place.longitude), Accuracy: float64(place.accuracy),
				At: time.UnixMilli(int64(place.at)),
			}
			return nil
		case C.PARVIS_ASKED:
			return ErrNotAllowed
		case C.PARVIS_UNKNOWN:
			return ErrUnknown
		}
		return errors.New("the system did not answer where the device is")
	})
	return p, err
}
